import type { Pages } from '@enishi/core';

/** What one message is made of: the root value of one execution. */
export interface Payload {
  /** Its place in the change log. */
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

  constructor(options: LiveStreamOptions<TItem, TPayload>) {
    this.#options = options;
  }

  /** Everything up to here has been handed out. */
  get position(): number {
    return this.#options.pages.position;
  }

  get settled(): boolean {
    return (this.#options.settled?.() ?? true) && (this.#greeted || this.#options.heartbeat === undefined);
  }

  get replaces(): boolean {
    return this.#options.replaces ?? false;
  }

  /** The next payloads, possibly none when only the position moved; undefined at the end. */
  async pull(): Promise<readonly TPayload[] | undefined> {
    const { heartbeat, pages, payloadOf, settled } = this.#options;
    if (heartbeat && !this.#greeted && (settled?.() ?? true)) {
      this.#greeted = true;
      return [heartbeat.payloadAt(this.position)];
    }
    this.#pending ??= pages.next();
    const page = await (heartbeat ? orAfter(this.#pending, heartbeat.milliseconds) : this.#pending);
    if (page === undefined) return heartbeat && [heartbeat.payloadAt(this.position)];
    this.#pending = undefined;
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
}

async function orAfter<TResult>(promise: Promise<TResult>, milliseconds: number): Promise<TResult | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
