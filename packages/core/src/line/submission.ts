import { randomUUID } from 'node:crypto';
import type { ConsentDecision, Survivorship } from '@enishi/plugin-sdk';
import type { z } from 'zod';
import { deriveId, type Identity, type IdentityScope, longestIdentifier } from '../identity/identity.ts';
import type { IdentityMemo } from '../identity/memo.ts';
import { asStored, isStorable, mayNestDeeper, nestsDeeper } from '../json.ts';
import type { Registry } from '../registry/registry.ts';
import { type Envelope, parseEnvelope, plainEnvelope } from './envelope.ts';
import type { Violation } from './receipt.ts';

/** One event as a caller sends it. Nothing in it is trusted. */
export interface Submission {
  readonly id?: string;
  readonly type: string;
  readonly at?: string | Date;
  readonly identifiers: Readonly<Record<string, unknown>>;
  readonly properties?: unknown;
  readonly traits?: readonly { readonly trait: string; readonly value: unknown }[] | Readonly<Record<string, unknown>>;
  readonly consents?: readonly ConsentDecision[];
  readonly context?: Readonly<Record<string, unknown>>;
}

/** One event that passed every check, ready for the line. */
export interface AcceptedEvent {
  readonly messageId: string;
  readonly eventId: string;
  readonly sourceId: number;
  readonly type: string;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  /** Most specific first; the event hangs on the first for ever. */
  readonly identities: readonly [Identity, ...Identity[]];
  readonly properties: Readonly<Record<string, unknown>>;
  readonly propertiesJson: string;
  readonly contextJson: string | null;
  readonly traits: readonly { readonly key: string; readonly value: unknown; readonly survivorship: Survivorship }[];
  readonly consents: readonly ConsentDecision[];
  /** The submission as it came, kept if the database refuses the event after all. */
  readonly submission: object;
}

export type Checked =
  | { readonly status: 'ok'; readonly event: AcceptedEvent }
  | {
      readonly status: 'quarantine';
      readonly messageId: string;
      readonly eventId: string;
      readonly violations: readonly Violation[];
      readonly submission: unknown;
    }
  | { readonly status: 'reject'; readonly messageId: string; readonly violations: readonly Violation[] };

/** What a submission is checked against. */
export interface Desk {
  readonly registry: Registry;
  readonly scope: IdentityScope;
  readonly identities: IdentityMemo;
  readonly source: { readonly id: number; readonly key: string };
  readonly receivedAt: Date;
}

/** Bytes of one item, properties and context together. */
export const largestItem = 256 * 1024;
const mostTraits = 100;
/** Characters of JSON in a trait that no plugin declares: with as many of them as a customer may have, its row stays within a few megabytes. */
const longestTrait = 4096;
const deepest = 100;
const tooDeep = `an event may be nested ${deepest} levels deep`;
const mostViolations = 50;
const earliest = 0;
const ahead = 24 * 60 * 60 * 1000;

const traitKey = /^[\p{L}_][\p{L}\p{N}_. -]{0,99}$/u;

/** Checks one submission whole, so that its answer names everything that is wrong with it at once. Never throws. */
export function check(submission: unknown, desk: Desk): Checked {
  const messageId = messageIdOf(submission);
  const reject = (message: string): Checked => ({ status: 'reject', messageId, violations: [{ path: '', message }] });
  if (typeof submission !== 'object' || submission === null || Array.isArray(submission)) return reject('an event must be an object');
  const eventId = deriveId(desk.scope.salt, 'event', desk.source.key, messageId);
  const named = () => replayable(submission, { messageId, receivedAt: desk.receivedAt });
  try {
    const checked = inspect(submission, desk, { messageId, eventId });
    if (!Array.isArray(checked)) return checked;
    if (nestsDeeper(submission, deepest)) return reject(tooDeep);
    return setAside({ messageId, eventId, violations: checked, submission: named() });
  } catch (error) {
    // What is nested without end has no JSON and exhausts a schema that follows it.
    if (nestsDeeper(submission, deepest)) return reject(tooDeep);
    // A plugin's schema or normaliser threw: that is this event's misfortune, not its neighbours'.
    const message = `could not be checked: ${error instanceof Error ? error.message : String(error)}`;
    return setAside({ messageId, eventId, violations: [{ path: '', message }], submission: named() });
  }
}

/** With its id and time, so that a replay is the same event at the same instant. */
export const replayable = (submission: object, { messageId, receivedAt }: { messageId: string; receivedAt: Date }): object => {
  const { at = receivedAt.toISOString() } = submission as { at?: unknown };
  return { ...submission, id: messageId, at };
};

/** The event, or everything that is wrong with it. */
function inspect(submission: object, desk: Desk, ids: { messageId: string; eventId: string }): Checked | Violation[] {
  const parsed = envelopeOf(submission);
  if ('error' in parsed) return violationsOf(parsed.error, '');
  const violations: Violation[] = [];
  const occurredAt = parsed.at ?? desk.receivedAt;
  if (occurredAt.getTime() < earliest) violations.push({ path: 'at', message: 'lies before 1970' });
  if (occurredAt.getTime() > desk.receivedAt.getTime() + ahead)
    violations.push({ path: 'at', message: 'lies more than a day in the future' });
  const [first, ...others] = identitiesOf(parsed.identifiers, desk, violations);
  const properties = propertiesOf(parsed, desk.registry, violations);
  const traits = traitsOf(parsed.traits ?? [], desk.registry, violations);
  if (violations.length > 0 || first === undefined) return violations.slice(0, mostViolations);
  const consents = parsed.consents ?? [];
  const propertiesJson = JSON.stringify(properties);
  const contextJson = parsed.context == null ? null : JSON.stringify(parsed.context);
  const traitsJson = traits.length === 0 ? '' : JSON.stringify(traits);
  const consentsJson = consents.length === 0 ? '' : JSON.stringify(consents);
  const texts = [propertiesJson, contextJson ?? '', traitsJson, consentsJson];
  const deep = texts.some((text) => mayNestDeeper(text, deepest)) && nestsDeeper(submission, deepest);
  const problem = deep ? tooDeep : unfit(...texts);
  if (problem !== undefined) return { status: 'reject', messageId: ids.messageId, violations: [{ path: '', message: problem }] };
  const event: AcceptedEvent = {
    ...ids,
    sourceId: desk.source.id,
    type: parsed.type,
    occurredAt,
    receivedAt: desk.receivedAt,
    identities: [first, ...others],
    properties: asStored(properties, propertiesJson),
    propertiesJson,
    contextJson,
    traits: asStored(traits, traitsJson),
    consents: asStored(consents, consentsJson),
    submission,
  };
  return { status: 'ok', event };
}

function envelopeOf(submission: object): Envelope | { readonly error: z.ZodError } {
  const plain = plainEnvelope(submission);
  if (plain !== undefined) return plain;
  const { data, error } = parseEnvelope(submission);
  return data ?? { error };
}

const messageIdOf = (submission: unknown): string => {
  const id = typeof submission === 'object' && submission !== null ? (submission as { id?: unknown }).id : undefined;
  return typeof id === 'string' && id.length > 0 && id.length <= 200 ? id : randomUUID();
};

/** Why this JSON cannot be stored, if it cannot. */
function unfit(...texts: readonly string[]): string | undefined {
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length > largestItem) return `an event may have ${largestItem} characters of JSON, this one has ${length}`;
  return texts.every(isStorable) ? undefined : 'holds a NUL character or half a surrogate pair, which is no text';
}

/** To quarantine, unless it cannot even be kept there. */
function setAside(item: Omit<Extract<Checked, { status: 'quarantine' }>, 'status'>): Checked {
  const problem = unkeepable(item.submission);
  return problem === undefined
    ? { status: 'quarantine', ...item }
    : { status: 'reject', messageId: item.messageId, violations: [...item.violations, { path: '', message: problem }] };
}

function unkeepable(submission: unknown): string | undefined {
  try {
    return unfit(JSON.stringify(submission));
  } catch {
    return 'cannot be written as JSON';
  }
}

function identitiesOf(
  raw: Readonly<Record<string, string | number | null | undefined>>,
  { registry, identities }: Desk,
  violations: Violation[],
): Identity[] {
  const found: Identity[] = [];
  let tooLong = false;
  for (const namespace in raw) {
    const value = raw[namespace];
    if (value === null || value === undefined) continue;
    const text = String(value);
    if (registry.namespace(namespace) === undefined) violations.push({ path: `identifiers.${namespace}`, message: 'no such namespace' });
    else if (text.length > longestIdentifier) {
      tooLong = true;
      violations.push({
        path: `identifiers.${namespace}`,
        message: `an identifier may have ${longestIdentifier} characters, this one has ${text.length}`,
      });
    } else {
      const identity = identities.of(namespace, text);
      if (identity !== undefined) found.push(identity);
    }
  }
  if (found.length === 0 && !tooLong) violations.push({ path: 'identifiers', message: 'none of them identifies anybody' });
  if (found.length < 2) return found;
  const priority = ({ namespace }: Identity): number => registry.namespace(namespace)?.priority ?? 99;
  return found.sort((left, right) => priority(left) - priority(right) || (left.id < right.id ? -1 : 1));
}

function propertiesOf({ type, properties = {} }: Envelope, registry: Registry, violations: Violation[]): Record<string, unknown> {
  const eventType = registry.eventType(type);
  if (eventType === undefined) {
    violations.push({ path: 'type', message: `no plugin declares the event type "${type}"` });
    return {};
  }
  const parsed = eventType.schema.safeParse(properties);
  if (parsed.success) return parsed.data as Record<string, unknown>;
  violations.push(...violationsOf(parsed.error, 'properties'));
  return {};
}

function traitsOf(entries: readonly (readonly [string, unknown])[], registry: Registry, violations: Violation[]): AcceptedEvent['traits'] {
  if (entries.length > mostTraits)
    violations.push({ path: 'traits', message: `an event may bring ${mostTraits} traits, this one brings ${entries.length}` });
  return entries.flatMap(([key, value]) => {
    if (value === undefined || value === null) return [];
    const computed = registry.computedTrait(key);
    if (computed !== undefined) {
      violations.push({ path: `traits.${key}`, message: `is computed from "${computed.computation.event}" and cannot be reported` });
      return [];
    }
    const declared = registry.trait(key);
    if (declared === undefined) {
      const fault = faultOf(key, value);
      if (fault === undefined) return [{ key, value, survivorship: 'newest' as const }];
      violations.push({ path: `traits.${key.slice(0, 100)}`, message: fault });
      return [];
    }
    const parsed = declared.schema.safeParse(value);
    if (parsed.success) return [{ key, value: parsed.data, survivorship: declared.survivorship }];
    violations.push(...violationsOf(parsed.error, `traits.${key}`));
    return [];
  });
}

/** What is wrong with a trait that no plugin declares. */
function faultOf(key: string, value: unknown): string | undefined {
  if (!traitKey.test(key) || key === '__proto__') return 'a trait is named with letters, digits, dots and hyphens, at most 100';
  if (typeof value !== 'string' && typeof value !== 'object') return undefined;
  const length = JSON.stringify(value).length;
  return length > longestTrait
    ? `a trait that no plugin declares may have ${longestTrait} characters of JSON, this one has ${length}`
    : undefined;
}

const violationsOf = (error: z.ZodError, at: string): Violation[] =>
  error.issues
    .slice(0, 20)
    .map(({ path, message }) => ({ path: [at, ...path.map(String)].filter((part) => part !== '').join('.'), message }));
