const mostRemembered = 200_000;

/**
 * Which writer a person's events go to. Two batches that carry the same person must wait for each other; with the same
 * person always at the same writer they hardly ever meet. What is remembered is a hint only: nothing breaks if it is wrong.
 */
export class Affinity {
  readonly #writers: number;
  readonly #customerOf = new Map<string, string>();

  constructor(writers: number) {
    this.#writers = writers;
  }

  /** By the first identity whose customer is remembered, else by the first identity itself. */
  writerFor(identityIds: Iterable<string>): number {
    let first: string | undefined;
    for (const id of identityIds) {
      const customer = this.#customerOf.get(id);
      if (customer !== undefined) return this.#spread(customer);
      first ??= id;
    }
    return first === undefined ? 0 : this.#spread(first);
  }

  remember(identityIds: Iterable<string>, customerId: string): void {
    if (this.#customerOf.size > mostRemembered) this.#customerOf.clear();
    for (const id of identityIds) this.#customerOf.set(id, customerId);
  }

  #spread(id: string): number {
    return Number.parseInt(id.slice(0, 6), 16) % this.#writers;
  }
}
