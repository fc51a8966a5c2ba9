import type { Workspace } from '../access/workspace.ts';
import { statement } from '../db/sql.ts';
import { CustomerNotFound } from '../errors.ts';
import type { Cause, Change } from './change.ts';
import { decodeCursor } from './cursor.ts';
import type { Feed } from './feed.ts';
import { ended, type Pages } from './follower.ts';

/** Something that touched one customer. */
export interface CustomerChange {
  readonly seq: number;
  readonly at: Date;
  readonly change: 'UPDATED' | 'ENTERED' | 'LEFT' | 'MERGED' | 'SPLIT';
  /** Who answers for the followed id now: another id after a merge. */
  readonly customerId: string;
  readonly segmentId: number | null;
  readonly cause: Cause | null;
}

export interface CustomerChangesOptions {
  readonly customerId: string;
  readonly after?: string;
}

const findCurrent = statement('change.customer', 'select customer_id as id from identity where workspace_id = $1 and id = $2');
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What happens to one customer, followed through merges and their undoing. */
export async function followCustomer(feed: Feed, workspace: Workspace, options: CustomerChangesOptions): Promise<Pages<CustomerChange>> {
  const id = options.customerId.toLowerCase();
  const after = options.after === undefined ? undefined : decodeCursor(workspace, options.after).seq;
  const find = async () => (await feed.database.query<{ id: string }>(workspace.id, findCurrent, [workspace.id, id]))[0]?.id;
  const current = uuid.test(id) ? await find() : undefined;
  if (current === undefined) throw new CustomerNotFound(options.customerId);
  const watch = new Watch(id, current, find);
  const filter = () => ({ customerIds: watch.ids });
  return new CustomerChangePages(await feed.follow(workspace.id, { filter, ...(after === undefined ? {} : { after }) }), watch);
}

/** Whose changes concern the followed id: its own, and those of the customer that answers for it. */
class Watch {
  readonly #id: string;
  readonly #find: () => Promise<string | undefined>;
  #current: string;

  constructor(id: string, current: string, find: () => Promise<string | undefined>) {
    this.#id = id;
    this.#current = current;
    this.#find = find;
  }

  get ids(): string[] {
    return this.#current === this.#id ? [this.#id] : [this.#id, this.#current];
  }

  get current(): string {
    return this.#current;
  }

  async learn({ kind, customerId, customerIds }: Change): Promise<void> {
    const named = customerIds ?? [];
    if (kind === 'MERGED' && customerId !== null && (named.includes(this.#id) || named.includes(this.#current))) this.#current = customerId;
    // Only customers that came back are named. Who was absorbed by one of them went with it, and must not be shown whom it left.
    if (kind === 'SPLIT') this.#current = (await this.#find()) ?? this.#id;
  }
}

class CustomerChangePages implements Pages<CustomerChange> {
  readonly #stream: Pages<Change>;
  readonly #watch: Watch;

  constructor(stream: Pages<Change>, watch: Watch) {
    this.#stream = stream;
    this.#watch = watch;
  }

  get position(): number {
    return this.#stream.position;
  }

  async next(): Promise<IteratorResult<readonly CustomerChange[], undefined>> {
    const page = await this.#stream.next();
    if (page.done) return ended;
    const changes: CustomerChange[] = [];
    for (const change of page.value) changes.push(await this.#of(change));
    return { value: changes };
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    return this.#stream.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #of(change: Change): Promise<CustomerChange> {
    await this.#watch.learn(change);
    const { seq, at, kind, segmentId, cause } = change;
    return { seq, at, segmentId, cause, change: kinds[kind], customerId: this.#watch.current };
  }
}

const kinds = {
  ENTERED: 'ENTERED',
  LEFT: 'LEFT',
  MERGED: 'MERGED',
  SPLIT: 'SPLIT',
  CUSTOMERS: 'UPDATED',
  SEGMENT: 'UPDATED',
} as const;
