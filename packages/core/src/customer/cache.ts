import type { RuleSet } from '../rule/ruleset.ts';
import type { CustomerState } from './customer.ts';

const mostCustomers = 20_000;
const mostIdentities = 200_000;

/**
 * Customers as this process last left them, so that the next event of the same person needs no look at their row.
 * Whoever takes one out has it alone. No customer need be current: writing back names the revision it came from, and
 * a batch that worked on an old one starts over with the row itself. Whose an identity is has no such guard: `Road` empties
 * this where a link was taken back.
 */
export class CustomerCache {
  readonly #customers = new Map<string, CustomerState>();
  readonly #customerOf = new Map<string, string>();

  /**
   * The customer an identity belonged to when this process last saw it. An absorbed customer's id is the id of an
   * identity, too, and leads on to an elder customer.
   */
  customerOf(identityId: string): string | undefined {
    const customer = this.#customerOf.get(identityId);
    if (customer === undefined) return undefined;
    const elder = this.#customerOf.get(customer);
    return elder === undefined || elder === customer ? customer : this.customerOf(customer);
  }

  /** Takes a customer out. */
  take(customerId: string): CustomerState | undefined {
    const customer = this.#customers.get(customerId);
    this.#customers.delete(customerId);
    return customer;
  }

  /** Puts customers back after their batch has committed. The ones put back longest ago make room. */
  put(customers: Iterable<CustomerState>, rules: RuleSet): void {
    for (const customer of customers) {
      customer.settle(rules);
      this.#customers.set(customer.id, customer);
    }
    for (const id of this.#customers.keys()) {
      if (this.#customers.size <= mostCustomers) break;
      this.#customers.delete(id);
    }
  }

  remember(identityId: string, customerId: string): void {
    if (this.#customerOf.get(identityId) === customerId) return;
    if (this.#customerOf.size > mostIdentities) this.#customerOf.clear();
    this.#customerOf.set(identityId, customerId);
  }

  clear(): void {
    this.#customers.clear();
    this.#customerOf.clear();
  }
}
