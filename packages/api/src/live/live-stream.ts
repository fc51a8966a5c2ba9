import type { Pages } from '@enishi/core';

/** What one message is made of: the root value of one execution. */
export interface Payload {
  /** Its place in the change log, or in a stream of its own. */
  readonly seq: number;
  /** Where a subscriber goes on after it; null where there is nothing to go on from, only a newer state. */
  readonly cursor: string | null;
  /** It only says that everything up to its place has been sent. */
  readonly heartbeat?: boolean;
}

export interface LiveStreamOptions<TItem, TPayload extends Payload> {
  readonly pages: Pages<TItem>;
  readonly payloadOf: (item: TItem) => TPayload;
  /** True once what comes before the stream, such as a snapshot, has been handed out. Default: always. */
  readonly settled?: () => boolean;
  /** Each payload replaces the one before, so a newcomer is given the last one. */
  readonly replaces?: boolean;
  /** It is no part of the change log and can be read from no place in it: a newcomer is given what comes from now on. */
  readonly fromNow?: boolean;
  readonly heartbeat?: Heartbeat<TPayload>;
}

export interface Heartbeat<TPayload> {
  readonly milliseconds: number;
  /** Says that everything up to `position` has been sent. */
  readonly payloadAt: (position: number) => TPayload;
}

/**
 * The source of one subscription. For graphql-js it is an async iterator of payloads like any other; whoever shares
 * executions pulls whole pages and sees how far the stream has come.
 */
export class LiveStream<TItem, TPayload extends Payload> implements AsyncIterableIterator<TPayload, undefined> {
  readonly #options: LiveStreamOptions<TItem, TPayload>;
  #buffer: readonly TPayload[] = [];
  #pending: Promise<IteratorResult<readonly TItem[], undefined>> | undefined;
  #greeted = false;
  #position: number;

  constructor(options: LiveStreamOptions<TItem, TPayload>) {
    this.#options = options;
    this.#position = options.pages.position;
  }

  /**
   * Everything up to here has been handed out. Not simply where the pages are: those may already have taken a page that
   * nobody has pulled yet, and who joins others at that place would never be told what is in it.
   */
  get position(): number {
    return this.#position;
  }

  get settled(): boolean {
    return (this.#options.settled?.() ?? true) && (this.#greeted || this.#options.heartbeat === undefined);
  }

  get replaces(): boolean {
    return this.#options.replaces ?? false;
  }

  get fromNow(): boolean {
    return this.#options.fromNow ?? false;
  }

  /** The next payloads, possibly none when only the position moved; undefined at the end. */
  async pull(): Promise<readonly TPayload[] | undefined> {
    const { heartbeat, pages, payloadOf, settled } = this.#options;
    if (heartbeat && !this.#greeted && (settled?.() ?? true)) {
      this.#greeted = true;
      return [heartbeat.payloadAt(this.position)];
    }
    this.#pending ??= pages.next();
    const page = await (heartbeat ? this.#orQuiet(this.#pending, heartbeat.milliseconds) : this.#pending);
    if (page === undefined) return heartbeat && [heartbeat.payloadAt(this.position)];
    this.#pending = undefined;
    this.#position = pages.position;
    return page.done ? undefined : page.value.map(payloadOf);
  }

  async next(): Promise<IteratorResult<TPayload, undefined>> {
    while (this.#buffer.length === 0) {
      const page = await this.pull();
      if (page === undefined) return { done: true, value: undefined };
      this.#buffer = page;
    }
    const [value, ...rest] = this.#buffer;
    this.#buffer = rest;
    return value === undefined ? { done: true, value } : { value };
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    return this.#options.pages.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #orQuiet<TResult>(promise: Promise<TResult>, milliseconds: number): Promise<TResult | undefined> {
    const { promise: quiet, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => {
      // Had a page been taken by now, it would have been pulled and this timer cleared: what moved holds nothing for us.
      this.#position = this.#options.pages.position;
      resolve(undefined);
    }, milliseconds);
    try {
      return await Promise.race([promise, quiet]);
    } finally {
      clearTimeout(timer);
    }
  }
}
