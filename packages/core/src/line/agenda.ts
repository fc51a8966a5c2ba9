import type { CustomerState } from '../customer/customer.ts';
import type { LiveSegment, RuleSet } from '../rule/ruleset.ts';
import type { Cause } from '../segment/transition.ts';
import type { AcceptedEvent } from './submission.ts';

/** Some segments to ask, and why. */
interface Told {
  readonly segments: readonly LiveSegment[];
  readonly cause: Cause;
}

/** Each segment once, with the last cause. */
const last = (told: readonly Told[]): Map<LiveSegment, Cause> =>
  new Map(told.flatMap(({ segments, cause }) => segments.map((segment) => [segment, cause] as const)));

/** Which segments must be asked again about which customer, and why: only those whose rules read what changed. */
export class Agenda {
  readonly #rules: RuleSet;
  readonly #items = new Map<CustomerState, Told[]>();
  readonly #whole = new Map<CustomerState, Cause>();

  constructor(rules: RuleSet) {
    this.#rules = rules;
  }

  eventCounted(customer: CustomerState, event: AcceptedEvent): void {
    this.#add(customer, this.#rules.byEvent.get(event.type), causeOf(event));
  }

  traitChanged(customer: CustomerState, key: string, event: AcceptedEvent): void {
    this.#add(customer, this.#rules.byTrait.get(key), causeOf(event));
  }

  consentChanged(customer: CustomerState, event: AcceptedEvent): void {
    this.#add(customer, this.#rules.byConsent, causeOf(event));
  }

  identitiesChanged(customer: CustomerState, cause: Cause): void {
    this.#add(customer, this.#rules.byIdentity, cause);
    if (customer.isNew) this.#add(customer, this.#rules.ofNobody, cause);
  }

  /** Every segment, because everything derived was worked out anew. */
  everything(customer: CustomerState, cause: Cause): void {
    this.#whole.set(customer, cause);
  }

  /** The customers to ask about, each with its segments and whether those are all. */
  *items(): Iterable<{ customer: CustomerState; segments: Iterable<readonly [LiveSegment, Cause]>; wholly: boolean }> {
    for (const [customer, cause] of this.#whole) {
      const told = last(this.#items.get(customer) ?? []);
      yield { customer, segments: this.#rules.segments.map((segment) => [segment, told.get(segment) ?? cause] as const), wholly: true };
    }
    for (const [customer, told] of this.#items) {
      if (!this.#whole.has(customer)) yield { customer, segments: last(told), wholly: false };
    }
  }

  #add(customer: CustomerState, segments: readonly LiveSegment[] | undefined, cause: Cause): void {
    if (segments === undefined || segments.length === 0) return;
    const held = this.#items.get(customer);
    if (held === undefined) this.#items.set(customer, [{ segments, cause }]);
    else held.push({ segments, cause });
  }
}

export const causeOf = (event: AcceptedEvent): Cause => ({ kind: 'EVENT', eventId: event.eventId, type: event.type });
