import type { Caller } from '@enishi/core';
import type { WebSocket } from 'ws';
import { rightsOf } from './hub.ts';

export type Authenticate = (key: string) => Promise<Caller | undefined>;

export interface Session {
  readonly caller: Caller;
  readonly key: string;
  readonly socket: WebSocket;
}

export const forbidden = 4403;

/** Sockets by their key, and the look, now and then, whether the key is still good: a socket outlives the check at its beginning. */
export class Sessions {
  readonly authenticate: Authenticate;
  readonly #byKey = new Map<string, Set<Session>>();
  readonly #timer: NodeJS.Timeout;
  readonly #onFailure: (error: unknown) => void;

  constructor(authenticate: Authenticate, { interval, onFailure }: { interval: number; onFailure: (error: unknown) => void }) {
    this.authenticate = authenticate;
    this.#onFailure = onFailure;
    this.#timer = setInterval(() => void this.#check(), interval);
    this.#timer.unref();
  }

  add(session: Session): void {
    const sessions = this.#byKey.get(session.key) ?? new Set();
    this.#byKey.set(session.key, sessions.add(session));
    session.socket.once('close', () => {
      sessions.delete(session);
      if (sessions.size === 0 && this.#byKey.get(session.key) === sessions) this.#byKey.delete(session.key);
    });
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #check(): Promise<void> {
    for (const [key, sessions] of [...this.#byKey]) {
      try {
        const caller = await this.authenticate(key);
        for (const { socket, caller: before } of [...sessions])
          if (caller === undefined || rightsOf(caller) !== rightsOf(before)) socket.close(forbidden, 'Forbidden');
      } catch (error) {
        // The database is away: nothing is read meanwhile either, and the next look decides.
        this.#onFailure(error);
      }
    }
  }
}
