import { setImmediate } from 'node:timers/promises';
import type { Caller } from '@enishi/core';
import type { Execution, Executor, Message, Stream } from './execution.ts';
import type { Subscriber } from './subscriber.ts';

export interface GroupOptions {
  readonly executor: Executor;
  readonly execution: Execution;
  /** One of those who share it: all have the same rights. */
  readonly caller: Caller;
  /** Bytes of messages kept for those who join from a little behind. */
  readonly memory: number;
  readonly onFailure: (error: unknown) => void;
  readonly onClose: () => void;
}

interface Seat {
  readonly subscriber: Subscriber;
  /** It has been sent everything up to here by itself. */
  readonly from: number;
}

/**
 * All subscribers of the same question with the same rights, at the head of the same stream: each item is executed once
 * and its JSON sent to everybody. Sending is one synchronous step, so at any moment every seat has been sent exactly
 * the same: whoever joins at a place it still remembers misses nothing and is told nothing twice.
 */
export class Group {
  readonly #options: GroupOptions;
  readonly #seats = new Map<Subscriber, Seat>();
  readonly #opening: Promise<Stream>;
  #recent: Message[] = [];
  #bytes = 0;
  #floor = 0;
  #pins = 0;
  #users = 0;
  #closed = false;

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#opening = options.executor.open(options.execution, options.caller);
    this.#opening.then((stream) => this.#run(stream)).catch(() => this.#close());
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Keeps it open, from before a subscriber has joined until `leave`. Throws what opening the stream threw. */
  async enter(): Promise<Stream> {
    this.#users += 1;
    return this.#opening;
  }

  leave(subscriber: Subscriber): void {
    this.#seats.delete(subscriber);
    this.#users -= 1;
    if (this.#users === 0) this.#close();
  }

  /** Until `unpin` it forgets nothing: for the moment between asking where the head is and joining there. */
  pin(): void {
    this.#pins += 1;
  }

  unpin(): void {
    this.#pins -= 1;
  }

  /** True if everything after `seq` is still remembered. */
  reaches(seq: number): boolean {
    return !this.#closed && seq >= this.#floor;
  }

  /** Takes over a subscriber that has been sent everything up to `seq`. */
  join(subscriber: Subscriber, seq: number): void {
    this.#seats.set(subscriber, { subscriber, from: seq });
    for (const message of this.#recent) if (isNews(message, seq)) subscriber.send(message);
  }

  /** Takes over a subscriber who wants the newest state and then what replaces it. */
  joinAtLast(subscriber: Subscriber): void {
    const last = this.#recent.at(-1);
    this.#seats.set(subscriber, { subscriber, from: last?.seq ?? -1 });
    if (last) subscriber.send(last);
  }

  /** Takes over a subscriber who wants nothing of what was sent already. */
  joinFromNow(subscriber: Subscriber): void {
    this.#seats.set(subscriber, { subscriber, from: this.#recent.at(-1)?.seq ?? -1 });
  }

  async #run(stream: Stream): Promise<void> {
    this.#floor = stream.position;
    const { executor, execution, caller, onFailure } = this.#options;
    try {
      while (!this.#closed) {
        const payloads = await stream.pull();
        if (payloads === undefined) break;
        for await (const messages of executor.answer(payloads, execution, caller)) {
          this.#publish(messages);
          // A long page leaves in several turns, so that sockets can drain and others get their turn.
          if (payloads.length > messages.length) await setImmediate();
        }
      }
    } catch (error) {
      onFailure(error);
      // Their cursors are good: they come back and are served from the log.
      for (const { subscriber } of [...this.#seats.values()]) subscriber.resume('The stream was interrupted');
    } finally {
      await stream.return();
      this.#close();
    }
  }

  #publish(messages: readonly Message[]): void {
    for (const { subscriber, from } of [...this.#seats.values()])
      for (const message of messages) if (isNews(message, from)) subscriber.send(message);
    this.#remember(messages.filter(({ heartbeat }) => !heartbeat));
  }

  #remember(messages: readonly Message[]): void {
    for (const message of messages) {
      this.#recent.push(message);
      this.#bytes += message.tail.length;
    }
    if (this.#bytes <= this.#options.memory || this.#pins > 0) return;
    let count = 0;
    // The last one stays: it is what a newcomer to a stream of states is shown.
    while (count < this.#recent.length - 1 && this.#bytes > this.#options.memory / 2)
      this.#bytes -= this.#recent[count++]?.tail.length ?? 0;
    this.#floor = Math.max(this.#floor, this.#recent[count - 1]?.seq ?? 0);
    this.#recent.splice(0, count);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#opening.then((stream) => stream.return()).catch(() => {});
    for (const { subscriber } of [...this.#seats.values()]) subscriber.end();
    this.#options.onClose();
  }
}

const isNews = ({ seq, heartbeat }: Message, from: number): boolean => (heartbeat ? seq >= from : seq > from);
