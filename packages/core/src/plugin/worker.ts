import { listWorkspaces, type Workspace } from '../access/workspace.ts';
import { clearExpiredJourneys } from './account-links.ts';
import { clearExpiredCalls } from './calls.ts';
import { dueInboxes, takeCall } from './inbox.ts';
import { readPage } from './read-page.ts';
import { addPolls, dueReadings, takeReading } from './reading.ts';
import { type Chore, Rounds } from './rounds.ts';
import { clearExpiredState } from './state.ts';
import { heldUntil, type PluginWork } from './work.ts';
import { workOnCall } from './work-call.ts';

export interface PluginWorkerOptions extends Omit<PluginWork, 'signal' | 'random' | 'onWork' | 'seconds'> {
  /** How long a plugin may take over one call or one page. Default 60. */
  readonly seconds?: number;
  /** How often it looks for what other processes left to do. Default 1. */
  readonly everySeconds?: number;
  readonly random?: () => number;
  readonly onWork?: PluginWork['onWork'];
  readonly onError?: (error: unknown) => void;
}

/** Pieces of one source under way at once in one process. */
const most = { call: 8, poll: 1, backfill: 2 } as const;
const cleaningMs = 3600_000;

/**
 * Does behind the traffic what sources have to do: calls that were answered already, polls, backfills. Any number of
 * processes may run one; each piece is held by one of them, and comes back if that one dies.
 */
export class PluginWorker {
  readonly #work: PluginWork;
  readonly #rounds: Rounds;
  readonly #known = new Set<number>();
  readonly #onError: (error: unknown) => void;
  #abort = new AbortController();
  #cleaned = 0;

  constructor({ seconds = 60, everySeconds = 1, onError = () => {}, ...options }: PluginWorkerOptions) {
    const signal = (): AbortSignal => this.#abort.signal;
    this.#work = {
      random: Math.random,
      onWork: () => {},
      ...options,
      seconds,
      get signal() {
        return signal();
      },
    };
    this.#onError = onError;
    this.#rounds = new Rounds({ due: () => this.#due(), everyMs: everySeconds * 1000, onError });
  }

  start(): void {
    this.#rounds.start();
  }

  /** Looks now: something has just been left to do. */
  wake(): void {
    this.#rounds.wake();
  }

  /** Takes nothing more, tells what is under way to stop and puts it back; nothing of it is lost. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#rounds.stop();
    this.#abort = new AbortController();
  }

  /** Resolves when nothing is due in any workspace. Works without `start`, too. */
  settle(): Promise<void> {
    return this.#rounds.settle();
  }

  async #due(): Promise<Chore[]> {
    const kinds = new Set(
      [...this.#work.sources.values()].map((source) => (source.kind === 'webhook' ? (source.work ?? 'now') : source.kind)),
    );
    if (!kinds.has('later') && !kinds.has('poll') && !kinds.has('backfill') && !this.#isTimeToClean()) return [];
    const workspaces = await listWorkspaces(this.#work.database);
    await this.#clean(workspaces);
    const chores = await Promise.all(workspaces.map((workspace) => this.#dueIn(workspace, kinds)));
    return chores.flat();
  }

  async #dueIn(workspace: Workspace, kinds: ReadonlySet<string>): Promise<Chore[]> {
    const { database, now } = this.#work;
    await this.#introducePolls(workspace);
    const inboxes = kinds.has('later') ? await dueInboxes(database, workspace.id, now()) : [];
    const readings = kinds.has('poll') || kinds.has('backfill') ? await dueReadings(database, workspace.id, now()) : [];
    return [
      ...inboxes.flatMap((source) => this.#calls(workspace, source)),
      ...readings.flatMap((source) => this.#pages(workspace, source)),
    ];
  }

  #calls(workspace: Workspace, key: string): Chore[] {
    const work = this.#work;
    const source = work.sources.get(key);
    if (source?.kind !== 'webhook') return [];
    const take = async () => {
      const call = await takeCall(work.database, workspace.id, { source: key, now: work.now(), until: heldUntil(work) });
      return call && (() => workOnCall(work, workspace, { source, key, call }));
    };
    return [{ key: `${workspace.key} calls ${key}`, most: most.call, take }];
  }

  #pages(workspace: Workspace, key: string): Chore[] {
    const work = this.#work;
    const source = work.sources.get(key);
    if (source?.kind !== 'poll' && source?.kind !== 'backfill') return [];
    const take = async () => {
      const reading = await takeReading(work.database, workspace.id, { source: key, now: work.now(), until: heldUntil(work) });
      return reading && (() => readPage(work, workspace, { source, reading }));
    };
    return [{ key: `${workspace.key} pages ${key}`, most: most[source.kind], take }];
  }

  async #introducePolls(workspace: Workspace): Promise<void> {
    if (this.#known.has(workspace.id)) return;
    const sources = [...this.#work.sources].flatMap(([key, { kind }]) => (kind === 'poll' ? [key] : []));
    if (sources.length > 0) await addPolls(this.#work.database, workspace.id, { sources, now: this.#work.now() });
    this.#known.add(workspace.id);
  }

  #isTimeToClean(): boolean {
    return Date.now() - this.#cleaned > cleaningMs;
  }

  async #clean(workspaces: readonly Workspace[]): Promise<void> {
    if (!this.#isTimeToClean()) return;
    this.#cleaned = Date.now();
    const { database, now } = this.#work;
    for (const { id } of workspaces)
      for (const clear of [clearExpiredState, clearExpiredCalls, clearExpiredJourneys])
        await clear(database, id, now()).catch(this.#onError);
  }
}
