import type { Workspace } from '../access/workspace.ts';
import type { Database } from '../db/database.ts';
import type { Sql } from '../db/sql.ts';
import { LineUnavailable } from '../errors.ts';
import type { Registry } from '../registry/registry.ts';
import { RuleCache } from '../segment/rule-cache.ts';
import { type Done, processBatch, type Work } from './batch.ts';
import type { Quarantined } from './events.ts';
import { Partitions } from './partitions.ts';
import { type Entry, pieces, takeBatch } from './queue.ts';
import type { Receipt } from './receipt.ts';
import { Sources } from './sources.ts';
import { type AcceptedEvent, type Checked, check } from './submission.ts';
import type { Workbench } from './workbench.ts';
import { writeThrough } from './writer.ts';

/** What one committed batch did. */
export interface BatchReport {
  readonly workspaceId: number;
  readonly events: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly transitions: number;
  readonly deliveries: number;
  readonly milliseconds: number;
  /** Milliseconds by stage: claim, resolve, append, learn, segments, customers, announce, commit. */
  readonly stages: Readonly<Record<string, number>>;
}

export interface LineOptions {
  readonly database: Database;
  readonly registry: Registry;
  /** Batches under way at once, per workspace. Default 2: one computes while the other waits for PostgreSQL. */
  readonly writers?: number;
  /** Events per transaction. Default 500. */
  readonly batchSize?: number;
  readonly now?: () => Date;
  readonly onBatch?: (report: BatchReport) => void;
  readonly onError?: (error: unknown) => void;
}

interface Lane {
  readonly waiting: Entry[];
  running: number;
}

const mostRemembered = 100_000;
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
  readonly #lanes = new Map<number, Lane>();
  readonly #liveLinks = new Map<number, Set<string>>();
  #closed = false;
  #idle: (() => void)[] = [];

  constructor({
    database,
    registry,
    writers = 2,
    batchSize = 500,
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
   * Throws `LineUnavailable` where the database is away; then nothing was stored and the same may be sent again.
   */
  async accept(workspace: Workspace, sourceKey: string, submissions: readonly unknown[]): Promise<Receipt[]> {
    const source = await this.sources.get(workspace.id, sourceKey);
    const desk = { registry: this.registry, scope: workspace, source, receivedAt: this.now() };
    const checked = submissions.map((submission) => check(submission, desk));
    const outcomes = new Map<AcceptedEvent, Receipt>();
    const waits = [...pieces(checked, this.#options.batchSize)].map((piece) =>
      this.#enqueueChecked(workspace, piece, { outcomes, sourceId: source.id }),
    );
    await Promise.all(waits);
    return checked.map((item) => receiptOf(item, outcomes));
  }

  /** Takes along what is no event: identities said to belong together, customers to ask again. */
  async attend(workspace: Workspace, { sightings = [], reassess = [] }: Partial<Pick<Work, 'sightings' | 'reassess'>>): Promise<void> {
    const waits = [
      ...[...pieces(sightings, this.#options.batchSize)].map((piece) => this.#enqueue(workspace, { sightings: piece })),
      ...[...pieces(reassess, this.#options.batchSize)].map((piece) => this.#enqueue(workspace, { reassess: piece })),
    ];
    await Promise.all(waits);
  }

  /** A change that no batch may overlap: waits for those under way, holds new ones off until it has committed. Keep it short. */
  async alone<TResult>(workspace: Workspace, work: (sql: Sql) => Promise<TResult>): Promise<TResult> {
    try {
      return await this.database.transaction(workspace.id, work, `begin; select pg_advisory_xact_lock(${lockClass}, ${workspace.id})`);
    } finally {
      this.#liveLinks.delete(workspace.id);
    }
  }

  /** What a batch works with, for changes made alone. */
  async workbench(sql: Sql, workspace: Workspace): Promise<Workbench> {
    return {
      workspace,
      registry: this.registry,
      rules: await this.#rules.get(sql, workspace.id),
      now: this.now(),
      liveLinks: new Set(),
      lap: () => {},
    };
  }

  /** Lets what was accepted finish and takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    if ([...this.#lanes.values()].every(({ running, waiting }) => running === 0 && waiting.length === 0)) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async #enqueueChecked(
    workspace: Workspace,
    checked: readonly Checked[],
    { outcomes, sourceId }: { outcomes: Map<AcceptedEvent, Receipt>; sourceId: number },
  ): Promise<void> {
    const events = checked.flatMap((item) => (item.status === 'ok' ? [item.event] : []));
    const quarantined = checked.flatMap((item): Quarantined[] =>
      item.status === 'quarantine' ? [{ ...item, sourceId, receivedAt: this.now() }] : [],
    );
    if (events.length + quarantined.length === 0) return;
    await this.#partitions.ensure(
      workspace.id,
      events.map(({ occurredAt }) => occurredAt),
    );
    for (const [event, receipt] of await this.#enqueue(workspace, { events, quarantined })) outcomes.set(event, receipt);
  }

  #enqueue(workspace: Workspace, part: Partial<Work>): Promise<ReadonlyMap<AcceptedEvent, Receipt>> {
    if (this.#closed) return Promise.reject(new LineUnavailable('the line is shutting down'));
    return new Promise((settle, fail) => {
      const lane = this.#lanes.get(workspace.id) ?? { waiting: [], running: 0 };
      this.#lanes.set(workspace.id, lane);
      lane.waiting.push({ events: [], quarantined: [], sightings: [], reassess: [], ...part, settle, fail });
      // Requests of the same turn of the event loop share a batch; a lone one starts at once after it.
      setImmediate(() => this.#pump(workspace, lane));
    });
  }

  #pump(workspace: Workspace, lane: Lane): void {
    while (lane.running < this.#options.writers && lane.waiting.length > 0) {
      lane.running += 1;
      const entries = takeBatch(lane.waiting, this.#options.batchSize);
      void writeThrough({ commit: (work) => this.#commit(workspace, work), onError: this.#options.onError }, entries).finally(() => {
        lane.running -= 1;
        this.#pump(workspace, lane);
        if (this.#closed && [...this.#lanes.values()].every(({ running, waiting }) => running === 0 && waiting.length === 0))
          for (const resolve of this.#idle.splice(0)) resolve();
      });
    }
  }

  async #commit(workspace: Workspace, work: Work): Promise<ReadonlyMap<AcceptedEvent, Receipt>> {
    const started = performance.now();
    const stages: Record<string, number> = {};
    let lapped = started;
    const lap = (stage: string): void => {
      const now = performance.now();
      stages[stage] = (stages[stage] ?? 0) + now - lapped;
      lapped = now;
    };
    const liveLinks = this.#liveLinks.get(workspace.id) ?? new Set<string>();
    const done: Done = await this.database.transaction(
      workspace.id,
      async (sql) => {
        const bench: Workbench = {
          workspace,
          registry: this.registry,
          rules: await this.#rules.get(sql, workspace.id),
          now: this.now(),
          liveLinks,
          lap,
        };
        lap('begin');
        return processBatch(sql, bench, work);
      },
      `begin; select pg_advisory_xact_lock_shared(${lockClass}, ${workspace.id})`,
    );
    lap('commit');
    this.#remember(workspace.id, liveLinks, done.liveLinks);
    this.#options.onBatch({
      workspaceId: workspace.id,
      events: work.events.length,
      accepted: done.customerOf.size,
      quarantined: work.quarantined.length,
      transitions: done.transitions,
      deliveries: done.deliveries,
      milliseconds: performance.now() - started,
      stages,
    });
    return new Map(work.events.map((event) => [event, storedReceipt(event, done)]));
  }

  #remember(workspaceId: number, known: Set<string>, keys: readonly string[]): void {
    if (known.size > mostRemembered) known.clear();
    for (const key of keys) known.add(key);
    this.#liveLinks.set(workspaceId, known);
  }
}

function storedReceipt(event: AcceptedEvent, { customerOf }: Done): Receipt {
  const { messageId: id, eventId } = event;
  const customerId = customerOf.get(event);
  return customerId === undefined ? { status: 'DUPLICATE', id, eventId } : { status: 'ACCEPTED', id, eventId, customerId };
}

function receiptOf(item: Checked, outcomes: ReadonlyMap<AcceptedEvent, Receipt>): Receipt {
  if (item.status === 'reject') return { status: 'REJECTED', id: item.messageId, violations: item.violations };
  if (item.status === 'quarantine')
    return { status: 'QUARANTINED', id: item.messageId, eventId: item.eventId, violations: item.violations };
  return (
    outcomes.get(item.event) ?? { status: 'REJECTED', id: item.event.messageId, violations: [{ path: '', message: 'was not processed' }] }
  );
}
