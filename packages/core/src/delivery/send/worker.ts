import { listWorkspaces } from '../../access/workspace.ts';
import type { Database } from '../../db/database.ts';
import { type Sql, statement } from '../../db/sql.ts';
import { SharedLook } from '../../shared-look.ts';
import { followAudiences } from '../audience/follow.ts';
import { replacedNow } from '../audience/replacing.ts';
import { defaultRetry, type RetryPolicy } from '../backoff.ts';
import type { OpensDesks } from '../desk.ts';
import { type Destinations, registerDestinations } from '../destination.ts';
import { wakeChannel } from '../wake.ts';
import { type BreakerPolicy, defaultBreaker } from './breaker.ts';
import type { Decision } from './decide.ts';
import { nextErasure, runErasures } from './erase.ts';
import { Lane } from './lane.ts';

export interface DeliveryWorkerOptions {
  readonly database: Database;
  readonly destinations: Destinations;
  /** What plugins work at. */
  readonly desks: OpensDesks;
  readonly breaker?: Partial<BreakerPolicy>;
  readonly retry?: Partial<RetryPolicy>;
  /** How often a worker looks by itself, for hints that got lost and for what a process that died had taken. Default 60. */
  readonly sweepSeconds?: number;
  /** How often partners' audiences are compared as a whole with their segments; the line tells of each change by itself. Default 600. */
  readonly audienceSeconds?: number;
  readonly onError?: (error: unknown) => void;
  /** After each attempt is stored, for metrics: the destination's key and what follows. */
  readonly onAttempt?: (destination: string, decision: Decision) => void;
  readonly now?: () => Date;
  readonly random?: () => number;
}

const dueNext = statement(
  'delivery.due-next',
  `select d.id, d.key, (
    select min(q.due_at) from delivery q
    where q.workspace_id = $1 and q.destination_id = d.id and q.status in ('PENDING', 'SENDING')
      and q.audience <> all(${replacedNow('d.id', '$2')})
  ) as "dueAt"
  from destination d where d.workspace_id = $1 and d.paused_at is null`,
);

const onConnection =
  (database: Database, workspaceId: number): Sql =>
  (query, values) =>
    database.query(workspaceId, query, values);

/**
 * Sends what is due, for every workspace. Any number of processes may run one: each delivery is claimed by one of them.
 * It sleeps until a notification or the next due time.
 */
export class DeliveryWorker {
  readonly #options: DeliveryWorkerOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #alarms = new Map<number, { at: number; timer: NodeJS.Timeout }>();
  readonly #sweeping = new Set<Promise<unknown>>();
  readonly #erasing = new Map<number, Promise<void>>();
  readonly #looks = new Map<number, SharedLook>();
  #unlisten: (() => Promise<void>) | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #comparison: NodeJS.Timeout | undefined;
  #running = false;
  #stopping = false;
  #failure: unknown;

  constructor(options: DeliveryWorkerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#running = true;
    const { database, destinations, sweepSeconds = 60, audienceSeconds = 600 } = this.#options;
    for (const { id } of await listWorkspaces(database))
      await database.transaction(id, (sql) => registerDestinations(sql, id, destinations));
    this.#unlisten = await database.listen(
      wakeChannel,
      (payload) => void this.#look(Number(payload)),
      () => this.#follow(this.#lookEverywhere()),
    );
    this.#sweep = setInterval(() => this.#follow(this.#lookEverywhere()), sweepSeconds * 1000);
    this.#comparison = setInterval(() => this.#follow(this.#compareAudiences()), audienceSeconds * 1000);
  }

  /** Takes nothing more and waits for the calls under way, each at most its destination's timeout. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#stopping = true;
    clearInterval(this.#sweep);
    clearInterval(this.#comparison);
    for (const { timer } of this.#alarms.values()) clearTimeout(timer);
    this.#alarms.clear();
    for (const lane of this.#lanes.values()) lane.stop();
    const unlisten = this.#unlisten;
    this.#unlisten = undefined;
    await unlisten?.();
    await Promise.all(this.#sweeping);
    await Promise.all([...this.#looks.values()].map((look) => look.idle()));
    await this.#idle();
    this.#lanes.clear();
    this.#stopping = false;
  }

  /**
   * Resolves when nothing is due in any workspace. Works without `start`, too: it then sends what is due and rests again.
   * Throws what the database threw, where a running worker would report it and try again.
   */
  async settle(): Promise<void> {
    for (;;) {
      this.#failure = undefined;
      const woken = await this.#lookEverywhere();
      await this.#idle();
      if (this.#failure !== undefined) throw this.#failure;
      if (woken === 0) return;
    }
  }

  /** Keeps hold of what runs by itself, so that nothing still asks the database when `stop` has returned. */
  #follow(work: Promise<unknown>): void {
    this.#sweeping.add(work);
    void work.finally(() => this.#sweeping.delete(work));
  }

  #failed(error: unknown): void {
    this.#failure = error;
    this.#options.onError?.(error);
  }

  async #idle(): Promise<void> {
    await Promise.all([...[...this.#lanes.values()].map((lane) => lane.idle()), ...this.#erasing.values()]);
  }

  async #lookEverywhere(): Promise<number> {
    try {
      const workspaces = await listWorkspaces(this.#options.database);
      const woken = await Promise.all(workspaces.map(({ id }) => this.#look(id)));
      return woken.reduce((sum, count) => sum + count, 0);
    } catch (error) {
      this.#failed(error);
      return 0;
    }
  }

  /** Wakes the lanes that have something due and sets the alarm for the next. Hints that come meanwhile share one more look. */
  #look(workspaceId: number): Promise<number> {
    const look = this.#looks.get(workspaceId) ?? new SharedLook(() => this.#lookSafely(workspaceId));
    this.#looks.set(workspaceId, look);
    return look.take();
  }

  async #lookSafely(workspaceId: number): Promise<number> {
    try {
      return await this.#lookOnce(workspaceId);
    } catch (error) {
      this.#failed(error);
      return 0;
    }
  }

  async #lookOnce(workspaceId: number): Promise<number> {
    const now = this.#now();
    const { database } = this.#options;
    const rows = await database.query<{ id: number; key: string; dueAt: Date | null }>(workspaceId, dueNext, [workspaceId, now]);
    let woken = 0;
    for (const { id, key, dueAt } of rows) {
      if (this.#stopping || dueAt === null || !this.#options.destinations.has(key)) continue;
      const lane = this.#lane(workspaceId, id, key);
      const rest = lane?.restUntil(now);
      const next = rest !== undefined && rest > dueAt ? rest : dueAt;
      if (next > now) this.#setAlarm(workspaceId, next);
      else {
        lane?.wake();
        woken++;
      }
    }
    return woken + (await this.#erase(workspaceId, now));
  }

  /** For what no batch of the line was about, such as segments changed by an older version. */
  async #compareAudiences(): Promise<void> {
    const { database } = this.#options;
    try {
      for (const { id } of await listWorkspaces(database)) await followAudiences(onConnection(database, id), id, { now: this.#now() });
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Beside the deliveries: a partner that does not answer about an erasure holds up none of them. */
  async #erase(workspaceId: number, now: Date): Promise<number> {
    const { database, destinations, desks, retry, random = Math.random } = this.#options;
    if (this.#stopping || this.#erasing.has(workspaceId)) return 0;
    const dueAt = await nextErasure(database, workspaceId);
    if (dueAt === undefined) return 0;
    if (dueAt > now) {
      this.#setAlarm(workspaceId, dueAt);
      return 0;
    }
    const options = { database, destinations, desks, random, retry: { ...defaultRetry, ...retry }, now: () => this.#now() };
    const erasing = runErasures(options, workspaceId)
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#erasing.delete(workspaceId);
        if (this.#running) void this.#look(workspaceId);
      });
    this.#erasing.set(workspaceId, erasing);
    return 1;
  }

  #setAlarm(workspaceId: number, at: Date): void {
    const set = this.#alarms.get(workspaceId);
    if (!this.#running || (set && set.at <= at.getTime())) return;
    clearTimeout(set?.timer);
    const ring = () => {
      this.#alarms.delete(workspaceId);
      void this.#look(workspaceId);
    };
    // A timer takes at most 2^31 ms; the sweep sets later ones again.
    const wait = Math.min(Math.max(at.getTime() - this.#now().getTime(), 0), 2 ** 31 - 1);
    this.#alarms.set(workspaceId, { at: at.getTime(), timer: setTimeout(ring, wait) });
  }

  #lane(workspaceId: number, destinationId: number, key: string): Lane | undefined {
    const known = this.#lanes.get(`${workspaceId}/${destinationId}`);
    const destination = this.#options.destinations.get(key);
    if (known || destination === undefined) return known;
    const { database, desks, retry, breaker, random = Math.random, onAttempt } = this.#options;
    const lane = new Lane({
      database,
      workspaceId,
      destinationId,
      key,
      destination,
      desks,
      breaker: { ...defaultBreaker, ...breaker },
      retry: { ...defaultRetry, ...retry },
      now: () => this.#now(),
      random,
      onDue: (at) => this.#setAlarm(workspaceId, at),
      onError: (error) => this.#failed(error),
      onAttempt: (decision) => onAttempt?.(key, decision),
    });
    this.#lanes.set(`${workspaceId}/${destinationId}`, lane);
    return lane;
  }

  #now(): Date {
    return this.#options.now?.() ?? new Date();
  }
}
