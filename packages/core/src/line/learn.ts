import type { Decision } from '../consent/ledger.ts';
import { recordDecisions } from '../consent/store.ts';
import type { CustomerState, TraitFact } from '../customer/customer.ts';
import type { Observation } from '../customer/observations.ts';
import { deriveConsents } from '../customer/rederive.ts';
import { observedTrait, survives } from '../customer/traits.ts';
import type { Transaction } from '../db/sql.ts';
import { emptyTally, tallyEvent } from '../rule/facts.ts';
import type { RuleSet } from '../rule/ruleset.ts';
import type { Agenda } from './agenda.ts';
import type { AcceptedEvent } from './submission.ts';

/** An event with the customer it belongs to now. */
export interface Attributed {
  readonly event: AcceptedEvent;
  readonly customer: CustomerState;
}

/** Takes over the traits that survive. Answers what is to be kept of those seen. */
export function learnTraits({ attributed, agenda }: { attributed: readonly Attributed[]; agenda: Agenda }): Observation[] {
  const kept = new Map<string, Observation>();
  for (const { event, customer } of attributed) {
    if (event.traits.length === 0) continue;
    const [anchor] = event.identities;
    const at = event.occurredAt.toISOString();
    for (const { key, value, survivorship } of event.traits) {
      const fact: TraitFact = { v: value, t: at, s: event.sourceId, e: event.eventId, i: anchor.id };
      const place = `${anchor.id} ${event.sourceId} ${key}`;
      const held = kept.get(place);
      if (survives(fact, held?.fact, survivorship)) kept.set(place, { trait: key, fact, survivorship });
      if (!survives(fact, observedTrait(customer.traits, key), survivorship)) continue;
      customer.traits = { ...customer.traits, [key]: fact };
      agenda.traitChanged(customer, key, event);
    }
  }
  return [...kept.values()];
}

/** Appends the decisions to their ledgers and works out what is in force now. */
export async function learnConsents(
  sql: Transaction,
  workspaceId: number,
  { attributed, agenda }: { attributed: readonly Attributed[]; agenda: Agenda },
): Promise<void> {
  const decisions: Decision[] = [];
  const changed = new Set<CustomerState>();
  for (const { event, customer } of attributed) {
    if (event.consents.length === 0) continue;
    for (const { purpose, channel, scope = '*', state, evidence = {} } of event.consents) {
      const { eventId, occurredAt, receivedAt, sourceId, identities } = event;
      decisions.push({
        identityId: identities[0].id,
        eventId,
        purpose,
        channel,
        scope,
        state,
        occurredAt,
        recordedAt: receivedAt,
        sourceId,
        evidence,
      });
    }
    changed.add(customer);
    agenda.consentChanged(customer, event);
  }
  if (decisions.length === 0) return;
  await recordDecisions(sql, workspaceId, decisions);
  await deriveConsents(
    sql,
    workspaceId,
    [...changed].filter(({ stale }) => !stale),
  );
}

/** Counts the events in where a rule measures their kind. */
export function countEvents(rules: RuleSet, { attributed, agenda }: { attributed: readonly Attributed[]; agenda: Agenda }): void {
  for (const { event, customer } of attributed) {
    customer.lastEventAt = Math.max(customer.lastEventAt, event.occurredAt.getTime());
    agenda.eventCounted(customer, event);
    if (customer.stale) continue;
    for (const measure of rules.measuresOf.get(event.type) ?? []) {
      const tally = customer.tallies[measure.key] ?? emptyTally();
      customer.tallies[measure.key] = tally;
      tallyEvent(tally, measure, { at: event.occurredAt.getTime(), properties: event.properties });
    }
  }
}
