import type { Database } from '../db/database.ts';
import { InvalidCursor } from '../errors.ts';
import type { Change, ChangeFilter } from './change.ts';
import { Follower, type Pages } from './follower.ts';
import { headOf } from './log.ts';
import { Reader } from './reader.ts';

export interface FeedOptions {
  readonly database: Database;
  /** Memory for recent changes of one workspace: one per change plus one per customer it names. Default 20,000. */
  readonly ring?: number;
  /** Rows per read of the log and changes per page. Default 1,000. */
  readonly page?: number;
  /** Milliseconds between looks at the log without a notification, should the listening line be half dead. Default 5,000. */
  readonly sweep?: number;
  readonly onError?: (error: unknown) => void;
}

export interface FollowOptions {
  /** Changes after this one. Default: the newest committed at the time of the call. */
  readonly after?: number;
  readonly filter?: ChangeFilter | (() => ChangeFilter);
}

interface Open {
  readonly reader: Promise<Reader>;
  readonly followers: Set<Follower>;
  /** Followers, and those about to be: the last to leave closes the reader. */
  users: number;
}

/**
 * The change log of all workspaces as this process hears it: one LISTEN for the process and one reader per workspace that
 * somebody follows. A notification only says "look"; what is handed out is always read from the table, in order.
 */
export class Feed {
  readonly #options: Required<FeedOptions>;
  readonly #open = new Map<number, Open>();
  #unlisten: (() => Promise<void>) | undefined;
  #sweeper: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor({ database, ring = 20_000, page = 1_000, sweep = 5_000, onError = () => {} }: FeedOptions) {
    this.#options = { database, ring, page, sweep, onError };
  }

  get database(): Database {
    return this.#options.database;
  }

  async start(): Promise<void> {
    this.#unlisten = await this.database.listen(
      'enishi_change',
      (payload) => this.#heard(payload),
      () => this.#look(),
    );
    this.#sweeper = setInterval(() => this.#look(), this.#options.sweep);
    this.#sweeper.unref();
  }

  /** Ends everybody who follows. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#sweeper);
    for (const { followers } of [...this.#open.values()]) for (const follower of [...followers]) await follower.return();
    const unlisten = this.#unlisten;
    this.#unlisten = undefined;
    await unlisten?.();
  }

  /** The newest committed change of a workspace. */
  head(workspaceId: number): Promise<number> {
    return headOf(this.database, workspaceId);
  }

  /** Pages of changes in order, each exactly once, without end until `return()`. */
  async follow(workspaceId: number, { after, filter = {} }: FollowOptions = {}): Promise<Pages<Change>> {
    if (this.#stopped) throw new Error('the feed has stopped');
    const start = after ?? (await this.head(workspaceId));
    const open = this.#open.get(workspaceId) ?? this.#openReader(workspaceId);
    open.users += 1;
    try {
      const reader = await open.reader;
      if (start > reader.head && start > (await this.head(workspaceId))) throw new InvalidCursor('it lies in the future of this log');
      const follower: Follower = new Follower({
        database: this.database,
        reader,
        after: start,
        filter: typeof filter === 'function' ? filter : () => filter,
        onClose: () => {
          open.followers.delete(follower);
          this.#leave(workspaceId, open);
        },
      });
      open.followers.add(follower);
      if (this.#stopped) await follower.return();
      return follower;
    } catch (error) {
      this.#leave(workspaceId, open);
      throw error;
    }
  }

  #openReader(workspaceId: number): Open {
    const { database, ring, page } = this.#options;
    const open: Open = { reader: Reader.open({ database, workspaceId, ring, page }), followers: new Set(), users: 0 };
    this.#open.set(workspaceId, open);
    // What commits between the reader's first look and its place in the map would go unheard until the next notification.
    open.reader.then((reader) => this.#advance(reader)).catch(() => this.#open.delete(workspaceId));
    return open;
  }

  #leave(workspaceId: number, open: Open): void {
    open.users -= 1;
    if (open.users === 0 && this.#open.get(workspaceId) === open) this.#open.delete(workspaceId);
  }

  #heard(payload: string): void {
    const [workspaceId, seq] = payload.split(':').map(Number);
    const open = workspaceId === undefined ? undefined : this.#open.get(workspaceId);
    open?.reader.then((reader) => this.#advance(reader, seq)).catch(this.#options.onError);
  }

  /** After a (re)connection, and now and then: notifications sent while the line was down are lost. */
  #look(): void {
    for (const { reader } of this.#open.values()) reader.then((opened) => this.#advance(opened)).catch(this.#options.onError);
  }

  async #advance(reader: Reader, hint?: number): Promise<void> {
    await reader.advance(hint).catch(this.#options.onError);
  }
}
