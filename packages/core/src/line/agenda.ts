import type { CustomerState } from '../customer/customer.ts';
import type { Live, RuleSet } from '../rule/ruleset.ts';
import type { Reassessment } from '../segment/reassess.ts';
import type { Cause } from '../segment/transition.ts';
import type { Question } from './ask.ts';
import type { AcceptedEvent } from './submission.ts';

/** Some segments to ask and traits to compute, and why. */
interface Told {
  readonly asked: readonly Live[];
  readonly cause: Cause;
}

type Asking = Pick<Reassessment, 'asked' | 'causeOf'>;

/** Each segment once, with the last cause. Most customers are told of one thing only, and few of those asked change. */
function asking(told: readonly [Told, ...Told[]]): Asking {
  const [first, ...others] = told;
  if (others.length === 0) return { asked: first.asked, causeOf: () => first.cause };
  const causeOf = (one: Live): Cause => told.findLast(({ asked }) => asked.includes(one))?.cause ?? first.cause;
  return { asked: [...new Set(told.flatMap(({ asked }) => asked))], causeOf };
}

/** Which segments must be asked again about which customer, which traits computed, and why: only those that read what changed. */
export class Agenda {
  readonly #rules: RuleSet;
  readonly #items = new Map<CustomerState, [Told, ...Told[]]>();
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

  /** Every segment and computed trait, because everything derived was worked out anew. */
  everything(customer: CustomerState, cause: Cause): void {
    this.#whole.set(customer, cause);
  }

  /** The customers to ask about, each with what to ask and whether that is all. */
  items(): Question[] {
    const items = [];
    for (const [customer, cause] of this.#whole) {
      const told = this.#items.get(customer) ?? [];
      items.push({ customer, ...asking([{ asked: this.#rules.everything, cause }, ...told]), wholly: true });
    }
    for (const [customer, told] of this.#items) {
      if (!this.#whole.has(customer)) items.push({ customer, ...asking(told), wholly: false });
    }
    return items;
  }

  #add(customer: CustomerState, asked: readonly Live[] | undefined, cause: Cause): void {
    if (asked === undefined || asked.length === 0) return;
    const held = this.#items.get(customer);
    if (held === undefined) this.#items.set(customer, [{ asked, cause }]);
    else if (held.at(-1)?.asked === asked) held[held.length - 1] = { asked, cause };
    else held.push({ asked, cause });
  }
}

export const causeOf = (event: AcceptedEvent): Cause => ({ kind: 'EVENT', eventId: event.eventId, type: event.type });
