import { listWorkspaces, type Workspace } from '../access/workspace.ts';
import type { Sql } from '../db/sql.ts';
import { dueCustomers, nextDue } from '../segment/timer.ts';
import type { Line } from './line.ts';

const perLook = 500;
/** Timers armed by other processes are seen after at most this long. */
const longestWait = 1000;

/** Wakes the customers whose time has come, so that "no purchase for 90 days" becomes true at that instant. */
export class Clock {
  readonly #line: Line;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #running = false;

  constructor(line: Line, onError: (error: unknown) => void = () => {}) {
    this.#line = line;
    this.#onError = onError;
  }

  start(): void {
    this.#running = true;
    this.#schedule(0);
  }

  async stop(): Promise<void> {
    this.#running = false;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Fires every timer that is due by the line's own clock; answers how many customers were asked. */
  async fire(workspace: Workspace): Promise<number> {
    let asked = 0;
    for (;;) {
      const now = this.#line.now();
      const due = await this.#ask(workspace, (sql) => dueCustomers(sql, workspace.id, { now, limit: perLook }));
      if (due.length === 0) return asked;
      await this.#line.attend(workspace, { reassess: due.map((customerId) => ({ customerId, cause: { kind: 'TIMER' } })) });
      asked += due.length;
    }
  }

  #schedule(wait: number): void {
    if (!this.#running) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look()
        .catch((error) => {
          this.#onError(error);
          return longestWait;
        })
        .then((next) => this.#schedule(next));
    }, wait);
  }

  async #look(): Promise<number> {
    let wait = longestWait;
    for (const workspace of await listWorkspaces(this.#line.database)) {
      await this.fire(workspace);
      const next = await this.#ask(workspace, (sql) => nextDue(sql, workspace.id));
      if (next !== undefined) wait = Math.min(wait, Math.max(0, next.getTime() - this.#line.now().getTime()));
    }
    return wait;
  }

  #ask<TResult>(workspace: Workspace, work: (sql: Sql) => Promise<TResult>): Promise<TResult> {
    return work((query, values) => this.#line.database.query(workspace.id, query, values));
  }
}
