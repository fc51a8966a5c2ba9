import type { Workspace } from '../access/workspace.ts';
import type { Database } from '../db/database.ts';
import type { Sql, Transaction } from '../db/sql.ts';
import { LineUnavailable } from '../errors.ts';
import type { Registry } from '../registry/registry.ts';
import { RuleCache } from '../segment/rule-cache.ts';
import { type Answers, type Receipts, receiptOf, storedReceipt, takeOwn } from './answers.ts';
import { type Done, type Note, type Page, processBatch, type Work } from './batch.ts';
import { callOf } from './call.ts';
import { findKeys, type Quarantined } from './events.ts';
import { Partitions } from './partitions.ts';
import type { Receipt } from './receipt.ts';
import { Road } from './road.ts';
import { Sources } from './sources.ts';
import { type Checked, check } from './submission.ts';
import type { Opening, Workbench } from './workbench.ts';
import { writeThrough } from './writer.ts';

/** What one committed batch did. */
export interface BatchReport {
  readonly workspaceId: number;
  readonly events: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly transitions: number;
  readonly deliveries: number;
  /** Values not learnt, because their customer has all the traits there may be. */
  readonly traitsDropped: number;
  readonly milliseconds: number;
  /** How often it had to start over, because another batch was changing the same customers. */
  readonly restarts: number;
  /** Milliseconds by stage: claim, resolve, learn, ask, send, commit. PostgreSQL stores while later stages go on; what is left of it is waited for in commit. */
  readonly stages: Readonly<Record<string, number>>;
}

export interface LineOptions {
  readonly database: Database;
  readonly registry: Registry;
  /** Batches under way at once, per workspace. Default 3: one computes while others wait for PostgreSQL. */
  readonly writers?: number;
  /** Events per transaction where more are waiting. Default 2000. */
  readonly batchSize?: number;
  readonly now?: () => Date;
  readonly onBatch?: (report: BatchReport) => void;
  readonly onError?: (error: unknown) => void;
}

/**
 * A batch finds every row by its key. Left to itself PostgreSQL plans from statistics, and for tables that have just
 * been filled it has none: it then reads whole tables for each batch.
 */
const byKey = 'set local enable_hashjoin = off; set local enable_mergejoin = off; set local enable_seqscan = off';
/** Lists of thousands of events stay in memory: PostgreSQL's usual 4 MB would send wide ones to disk and back. */
const roomy = "set local work_mem = '32MB'";
/** First key of the advisory lock under which batches share a workspace and changes of its rules and links have it alone. */
const lockClass = 7301;

/** The line. Requests that arrive together share one transaction; each is answered after it has committed. */
export class Line {
  readonly database: Database;
  readonly registry: Registry;
  readonly now: () => Date;
  readonly sources: Sources;
  readonly #options: Required<Pick<LineOptions, 'writers' | 'batchSize' | 'onBatch' | 'onError'>>;
  readonly #partitions: Partitions;
  readonly #rules = new RuleCache();
  readonly #roads = new Map<number, Road>();
  #closed = false;
  #calls = 0;
  #idle: (() => void)[] = [];

  constructor({
    database,
    registry,
    writers = 3,
    batchSize = 2000,
    now = () => new Date(),
    onBatch = () => {},
    onError = () => {},
  }: LineOptions) {
    this.database = database;
    this.registry = registry;
    this.now = now;
    this.sources = new Sources(database);
    this.#partitions = new Partitions(database);
    this.#options = { writers, batchSize, onBatch, onError };
  }

  /**
   * Takes events in and answers one receipt each, in their order, once they are durable, resolved and counted.
   * Throws `LineUnavailable` where the database is away: send the same again, under the same ids; what was stored meanwhile is answered `DUPLICATE`.
   */
  async accept(workspace: Workspace, sourceKey: string, submissions: readonly unknown[]): Promise<Receipt[]> {
    return this.acceptPage(workspace, sourceKey, { submissions });
  }

  /**
   * The same for one page of a source, as one batch with its note in the transaction. Where an event has to be set aside the page
   * goes in parts, the note with the last: read again, what is stored is a `DUPLICATE`.
   */
  async acceptPage(workspace: Workspace, sourceKey: string, page: Page): Promise<Receipt[]> {
    return this.#whileOpen(() => this.#acceptPage(workspace, sourceKey, page));
  }

  async #acceptPage(workspace: Workspace, sourceKey: string, { submissions, note }: Page): Promise<Receipt[]> {
    const source = await this.#prepared(this.sources.get(workspace.id, sourceKey));
    const { identities } = this.#road(workspace);
    const desk = { registry: this.registry, scope: workspace, identities, source, receivedAt: this.now() };
    const checked = submissions.map((submission) => check(submission, desk));
    const answers: Answers = { outcomes: new Map(), stored: new Set() };
    await this.#store(workspace, checked, { answers, sourceId: source.id, note });
    return checked.map((item) => receiptOf(item, answers));
  }

  /** Takes along what is no event: identities said to belong together, customers to ask again. */
  async attend(workspace: Workspace, { sightings = [], reassess = [] }: Partial<Pick<Work, 'sightings' | 'reassess'>>): Promise<void> {
    await this.#whileOpen(() => this.#enqueue(workspace, { sightings, reassess }));
  }

  /** A change that no batch may overlap: waits for those under way, holds new ones off until it has committed. Keep it short. */
  async alone<TResult>(workspace: Workspace, work: (sql: Transaction) => Promise<TResult>): Promise<TResult> {
    return this.database.transaction(workspace.id, work, `begin; select pg_advisory_xact_lock(${lockClass}, ${workspace.id})`);
  }

  /** What a batch works with, for changes made alone. */
  async workbench(sql: Sql, workspace: Workspace): Promise<Workbench> {
    const { rules } = await this.#rules.get(sql, workspace.id);
    return {
      workspace,
      registry: this.registry,
      rules,
      now: this.now(),
      cache: undefined,
      carefully: true,
      liveLinks: new Set(),
      lap: () => {},
    };
  }

  /** Lets what was accepted finish and takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#calls === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async #store(
    workspace: Workspace,
    checked: readonly Checked[],
    { answers, sourceId, note }: { answers: Answers; sourceId: number; note: Note | undefined },
  ): Promise<void> {
    const events = checked.flatMap((item) => (item.status === 'ok' ? [item.event] : []));
    const receivedAt = this.now();
    const unfit = checked.flatMap((item): Quarantined[] => (item.status === 'quarantine' ? [{ ...item, sourceId, receivedAt }] : []));
    for (const id of await this.#prepared(this.#storedBefore(workspace, unfit))) answers.stored.add(id);
    const quarantined = unfit.filter(({ eventId }) => !answers.stored.has(eventId));
    const times = events.map(({ occurredAt }) => occurredAt);
    await this.#prepared(this.#partitions.ensure(workspace.id, times));
    takeOwn(events, await this.#enqueue(workspace, { events, quarantined, ...(note && { notes: [note] }) }), answers);
  }

  /** What was accepted once is a duplicate for ever, also where a retry no longer passes today's checks. */
  async #storedBefore(workspace: Workspace, unfit: readonly Quarantined[]): Promise<string[]> {
    if (unfit.length === 0) return [];
    const ids = unfit.map(({ eventId }) => eventId);
    const rows = await this.database.query<{ event_id: string }>(workspace.id, findKeys, [workspace.id, ids]);
    return rows.map(({ event_id }) => event_id);
  }

  /** What a batch needs before it begins fails as the batch would: callers know by it that they may send the same again. */
  async #prepared<TResult>(step: Promise<TResult>): Promise<TResult> {
    try {
      return await step;
    } catch (error) {
      this.#options.onError(error);
      throw new LineUnavailable('the events could not be stored now', { cause: error });
    }
  }

  #enqueue(workspace: Workspace, work: Partial<Work>): Promise<readonly Receipts[]> {
    const { entries, answered } = callOf(work);
    this.#road(workspace).queue.push(entries);
    // Requests of the same turn of the event loop share a batch; a lone one starts at once after it.
    if (entries.length > 0) setImmediate(() => this.#pump(workspace));
    return answered;
  }

  #road(workspace: Workspace): Road {
    const road = this.#roads.get(workspace.id) ?? new Road(this.registry, workspace);
    this.#roads.set(workspace.id, road);
    return road;
  }

  async #whileOpen<TResult>(call: () => Promise<TResult>): Promise<TResult> {
    if (this.#closed) throw new LineUnavailable('the line is shutting down');
    this.#calls += 1;
    try {
      return await call();
    } finally {
      this.#calls -= 1;
      if (this.#calls === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  #pump(workspace: Workspace): void {
    const road = this.#road(workspace);
    const { onError, writers, batchSize } = this.#options;
    const writer = { commit: (work: Work, attempt: number) => this.#commit(workspace, work, attempt), onError };
    while (road.running < writers) {
      const batch = road.queue.take(batchSize);
      if (batch === undefined) return;
      road.running += 1;
      void writeThrough(writer, batch.entries).finally(() => {
        road.running -= 1;
        road.queue.release(batch);
        this.#pump(workspace);
      });
    }
  }

  async #commit(workspace: Workspace, work: Work, attempt: number): Promise<Receipts> {
    const started = performance.now();
    const stages: Record<string, number> = {};
    let lapped = started;
    const lap = (stage: string): void => {
      const now = performance.now();
      stages[stage] = (stages[stage] ?? 0) + now - lapped;
      lapped = now;
    };
    const road = this.#road(workspace);
    const { liveLinks, cache } = road;
    const done: Done = await this.database.transaction(
      workspace.id,
      async (sql) => {
        const opening: Opening = {
          workspace,
          registry: this.registry,
          standing: this.#rules.get(sql, workspace.id),
          heed: (splits) => road.heed(splits),
          now: this.now(),
          cache: attempt === 0 ? cache : undefined,
          carefully: attempt > 0 || road.duplicates,
          liveLinks,
          lap,
        };
        return processBatch(sql, opening, work);
      },
      `begin; ${byKey}; ${roomy}; select pg_advisory_xact_lock_shared(${lockClass}, ${workspace.id})`,
    );
    lap('commit');
    road.learn(work, done);
    this.#options.onBatch({
      workspaceId: workspace.id,
      events: work.events.length,
      accepted: done.customerOf.size,
      quarantined: work.quarantined.length,
      transitions: done.transitions,
      deliveries: done.deliveries,
      traitsDropped: done.traitsDropped,
      milliseconds: performance.now() - started,
      restarts: attempt,
      stages,
    });
    return new Map(work.events.map((event) => [event, storedReceipt(event, done)]));
  }
}
