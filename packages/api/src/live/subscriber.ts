import type { Message } from './execution.ts';
import type { Outbox } from './outbox.ts';

export interface SubscriberOptions {
  /** The client's id of the operation. */
  readonly id: string;
  readonly outbox: Outbox;
  /** Called once, when the client has completed, has gone or was told to resume. */
  readonly onEnd: (subscriber: Subscriber) => void;
  /** Called when the client had to be told to resume. */
  readonly onResume: () => void;
}

/** One operation of one client: what it has been sent, and the way to it. */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #head: Buffer;
  readonly #ended = Promise.withResolvers<void>();
  #open = true;
  #cursor: string | null = null;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#head = Buffer.from(`{"id":${JSON.stringify(options.id)},"type":"next","payload":`);
  }

  get open(): boolean {
    return this.#open;
  }

  /** Resolves at its end. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Where it stands before the first message: what it is told to go on from if not even that can be sent. */
  startAt(cursor: string | null): void {
    this.#cursor ??= cursor;
  }

  /** Sends at once; a client that does not keep up is told where to resume instead. */
  send({ tail, cursor }: Message): void {
    if (!this.#open) return;
    const { outbox } = this.#options;
    if (outbox.full) {
      this.resume('You are too slow for this stream');
      return;
    }
    outbox.send(Buffer.concat([this.#head, tail], this.#head.length + tail.length));
    this.#cursor = cursor;
  }

  /** Sends at the pace of the client. */
  async sendPaced(messages: readonly Message[]): Promise<void> {
    const { outbox } = this.#options;
    for (const [index, { tail, cursor }] of messages.entries()) {
      if (!this.#open) return;
      const message = Buffer.concat([this.#head, tail], this.#head.length + tail.length);
      const pause = outbox.full || index === messages.length - 1;
      this.#cursor = cursor;
      if (pause) await outbox.sendAndWait(message);
      else outbox.send(message);
    }
  }

  /** The protocol's way to end it from here: an error that says where to go on, then the end. */
  resume(reason: string): void {
    if (!this.#open) return;
    const message = `${reason}: subscribe again after this cursor.`;
    const result = { data: null, errors: [{ message, extensions: { code: 'RESUME', cursor: this.#cursor } }] };
    this.#options.outbox.send(Buffer.concat([this.#head, Buffer.from(`${JSON.stringify(result)}}`)]));
    this.#options.onResume();
    this.end();
  }

  end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#ended.resolve();
    this.#options.onEnd(this);
  }
}
