import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

export interface OutboxOptions {
  readonly socket: WebSocket;
  /** The stream below it: that of the HTTP request that was upgraded. */
  readonly stream: Duplex;
  /** Bytes that may wait for the client before it counts as slow. */
  readonly limit: number;
}

/** Those written to in this turn of the event loop: each is flushed once at its end, all its messages in one write. */
const written: Duplex[] = [];

function flushAll(): void {
  for (const stream of written.splice(0)) stream.uncork();
}

/** What goes out over one socket. Holds no more than the limit and one turn's messages. */
export class Outbox {
  readonly #options: OutboxOptions;
  #full = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get open(): boolean {
    const { socket } = this.#options;
    return socket.readyState === socket.OPEN;
  }

  /** The client does not take what it was sent before. What is sent in this turn cannot have left yet and does not count. */
  get full(): boolean {
    const { socket, stream, limit } = this.#options;
    if (stream.writableCorked === 0) this.#full = socket.bufferedAmount > limit;
    return this.#full;
  }

  send(message: Buffer, onSent?: () => void): void {
    if (!this.open) {
      onSent?.();
      return;
    }
    this.#cork();
    this.#options.socket.send(message, textFrame, onSent);
  }

  /** Resolves when this message, and so every one before it, has left the process, or when the client is gone. */
  async sendAndWait(message: Buffer): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.send(message, () => resolve());
    await promise;
  }

  #cork(): void {
    const { stream } = this.#options;
    if (stream.writableCorked > 0) return;
    if (written.length === 0) process.nextTick(flushAll);
    written.push(stream);
    stream.cork();
  }
}

const textFrame = { binary: false };
