import { loadWorkspaceById, type Workspace } from '../access/workspace.ts';
import type { Sql } from '../db/sql.ts';
import { LineUnavailable } from '../errors.ts';
import { dueTimers, firstTimer, firstTimers, type Timer } from '../segment/timer.ts';
import { Turnstile } from '../turnstile.ts';
import type { Line } from './line.ts';

const perPage = 500;
/** Pages under way at once. A month may end for all workspaces at the same instant: connections are left to those who send events. */
const pagesAtOnce = 4;
/** Timers armed by other processes are seen after at most this long; a workspace that failed is looked at again after as long. */
const longestWait = 1000;

/**
 * Wakes the customers whose time has come, so that "no purchase for 90 days" becomes true at that instant. Each workspace that
 * has something due has a round of its own, a page at a time: one that has much to do, is held up or fails delays no other.
 */
export class Clock {
  readonly #line: Line;
  readonly #onError: (error: unknown) => void;
  readonly #turnstile = new Turnstile({ places: pagesAtOnce });
  /** Under way, by the workspace's id. */
  readonly #rounds = new Map<number, Promise<void>>();
  /** Until when (ms) a workspace whose round failed is left alone. */
  readonly #rests = new Map<number, number>();
  #alarm: { readonly at: number; readonly timer: NodeJS.Timeout } | undefined;
  #looking: Promise<void> = Promise.resolve();
  #running = false;
  #stopping = false;

  constructor(line: Line, onError: (error: unknown) => void = () => {}) {
    this.#line = line;
    this.#onError = onError;
  }

  start(): void {
    this.#running = true;
    this.#wakeAt(this.#now());
  }

  /** Begins nothing more and waits for the pages under way; the next clock goes on from there. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#stopping = true;
    clearTimeout(this.#alarm?.timer);
    this.#alarm = undefined;
    await this.#looking;
    await Promise.all(this.#rounds.values());
    this.#stopping = false;
  }

  /**
   * Asks every customer whose timer is due by the line's own clock, each once; answers how many. Where one of them cannot be asked
   * all the others are, then it throws why.
   */
  async fire(workspace: Workspace): Promise<number> {
    let asked = 0;
    const failures: unknown[] = [];
    for (let last: Timer | undefined; !this.#stopping; ) {
      const page = await this.#turnstile.pass(() => this.#page(workspace, { last, failures }));
      asked += page.length;
      last = page.at(-1);
      if (last === undefined) break;
    }
    if (failures.length > 0) throw failures[0];
    return asked;
  }

  async #page(
    workspace: Workspace,
    { last, failures }: { readonly last: Timer | undefined; readonly failures: unknown[] },
  ): Promise<readonly Timer[]> {
    if (this.#stopping) return [];
    const page = await dueTimers(this.#sqlOf(workspace.id), workspace.id, { now: this.#line.now(), last, limit: perPage });
    try {
      await this.#line.attend(workspace, { reassess: page.map(({ customerId }) => ({ customerId, cause: { kind: 'TIMER' } })) });
    } catch (error) {
      // Without the database nobody can be asked; anything else is about one customer.
      if (error instanceof LineUnavailable) throw error;
      failures.push(error);
    }
    return page;
  }

  #wakeAt(at: number): void {
    if (!this.#running || (this.#alarm !== undefined && this.#alarm.at <= at)) return;
    clearTimeout(this.#alarm?.timer);
    const ring = (): void => {
      this.#alarm = undefined;
      this.#looking = this.#looking.then(() => this.#look());
    };
    this.#alarm = { at, timer: setTimeout(ring, Math.max(0, at - this.#now())) };
  }

  async #look(): Promise<void> {
    let next = this.#now() + longestWait;
    try {
      for (const { workspaceId, dueAt } of await firstTimers(this.#line.database)) {
        if (!this.#running) return;
        if (this.#rounds.has(workspaceId)) continue;
        const at = Math.max(dueAt.getTime(), this.#rests.get(workspaceId) ?? 0);
        if (at > this.#now()) next = Math.min(next, at);
        else this.#rounds.set(workspaceId, this.#round(workspaceId));
      }
    } catch (error) {
      this.#onError(error);
    }
    this.#wakeAt(next);
  }

  /** Everything that is due in one workspace. Never throws. */
  async #round(workspaceId: number): Promise<void> {
    this.#rests.delete(workspaceId);
    try {
      const workspace = await loadWorkspaceById(this.#line.database, workspaceId);
      if (workspace !== undefined) await this.fire(workspace);
      // What comes due before the next look would be late by as much.
      const next = await firstTimer(this.#sqlOf(workspaceId), workspaceId);
      if (next !== undefined) this.#wakeAt(next.getTime());
    } catch (error) {
      this.#rests.set(workspaceId, this.#now() + longestWait);
      this.#onError(error);
    } finally {
      this.#rounds.delete(workspaceId);
    }
  }

  #now(): number {
    return this.#line.now().getTime();
  }

  #sqlOf(workspaceId: number): Sql {
    return (query, values) => this.#line.database.query(workspaceId, query, values);
  }
}
