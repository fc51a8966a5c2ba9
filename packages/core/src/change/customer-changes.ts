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
  const [current] = uuid.test(id) ? await feed.database.query<{ id: string }>(workspace.id, findCurrent, [workspace.id, id]) : [];
  if (current === undefined) throw new CustomerNotFound(options.customerId);
  const watch = new Watch(id, current.id);
  const filter = () => ({ customerIds: watch.ids });
  return new CustomerChangePages(await feed.follow(workspace.id, { filter, ...(after === undefined ? {} : { after }) }), watch);
}

/** Whose changes concern the followed id: its own, and those of the customer that answers for it. */
class Watch {
  readonly #id: string;
  #current: string;

  constructor(id: string, current: string) {
    this.#id = id;
    this.#current = current;
  }

  get ids(): string[] {
    return this.#current === this.#id ? [this.#id] : [this.#id, this.#current];
  }

  get current(): string {
    return this.#current;
  }

  learn({ kind, customerId, customerIds }: Change): void {
    const named = customerIds ?? [];
    if (kind === 'MERGED' && customerId !== null && (named.includes(this.#id) || named.includes(this.#current))) this.#current = customerId;
    if (kind === 'SPLIT' && named.includes(this.#id)) this.#current = this.#id;
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
    return page.done ? ended : { value: page.value.map((change) => this.#of(change)) };
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    return this.#stream.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #of(change: Change): CustomerChange {
    this.#watch.learn(change);
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
