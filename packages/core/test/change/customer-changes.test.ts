import { assertLink, CustomerNotFound, encodeCursor, Feed, followCustomer, type Pages, revokeLink } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { createSegment, createWorld, customers, log, type Row, type World } from './world.ts';

const identify = ({ database, workspace }: World, ids: readonly string[]) =>
  database.query(
    workspace.id,
    `insert into identity (workspace_id, id, customer_id, namespace, value, created_at) select $1, id, id, 'test', id::text, now() from unnest($2::uuid[]) id`,
    [workspace.id, ids],
  );

const email = (name: string) => ({ namespace: 'email', value: `${name}@shop.example` });

const write = ({ database, workspace }: World, ...rows: Row[]) => database.transaction(workspace.id, (sql) => log(sql, workspace.id, rows));

async function take<TItem>(pages: Pages<TItem>, count: number): Promise<TItem[]> {
  const items: TItem[] = [];
  for await (const page of { [Symbol.asyncIterator]: () => ({ next: () => pages.next() }) }) {
    items.push(...page);
    if (items.length >= count) break;
  }
  return items;
}

describe('followCustomer', () => {
  it('tells what touches one customer and nothing else', async () => {
    await using world = await createWorld();
    const [me = '', other = ''] = customers(2);
    await identify(world, [me, other]);
    const segmentId = await createSegment(world.database, world.workspace, 'vip');
    const pages = await followCustomer(world.feed, world.workspace, { customerId: me.toUpperCase() });
    await write(world, { kind: 'CUSTOMERS', customerIds: [other] }, { kind: 'CUSTOMERS', customerIds: [other, me] });
    await write(world, { kind: 'ENTERED', segmentId, customerId: other }, { kind: 'ENTERED', segmentId, customerId: me });
    expect(await take(pages, 2)).toMatchObject([
      { seq: 2, change: 'UPDATED', customerId: me },
      { seq: 4, change: 'ENTERED', customerId: me, segmentId },
    ]);
  });

  it.each([
    ['as it happens', { ring: 1_000, fromStart: false }],
    ['read again from the table', { ring: 1, fromStart: true }],
  ])('follows it into the customer it was merged into and back out, %s', async (_, { ring, fromStart }) => {
    await using world = await createWorld({ ring });
    const { feed, workspace } = world;
    const [me = '', survivor = ''] = customers(2);
    await identify(world, [me, survivor]);
    const after = encodeCursor(workspace, { seq: 0 });
    const early = fromStart ? undefined : await followCustomer(feed, workspace, { customerId: me, after });
    await write(
      world,
      { kind: 'CUSTOMERS', customerIds: [survivor] },
      { kind: 'MERGED', customerId: survivor, customerIds: [me] },
      { kind: 'CUSTOMERS', customerIds: [survivor] },
      { kind: 'SPLIT', customerId: survivor, customerIds: [me] },
      { kind: 'CUSTOMERS', customerIds: [survivor] },
      { kind: 'CUSTOMERS', customerIds: [me] },
    );
    const pages = early ?? (await followCustomer(feed, workspace, { customerId: me, after }));
    expect((await take(pages, 4)).map(({ seq, change, customerId }) => [seq, change, customerId])).toEqual([
      [2, 'MERGED', survivor],
      [3, 'UPDATED', survivor],
      [4, 'SPLIT', me],
      [6, 'UPDATED', me],
    ]);
  });

  it('follows it into the part of the person that it falls into, where it was merged twice', async () => {
    await using domain = await createTestDomain();
    const { line, workspace, database } = domain;
    const feed = new Feed({ database });
    await feed.start();
    const greet = async (user: string): Promise<string> => {
      const [receipt] = await line.accept(workspace, 'test', [{ type: 'enishi.identified', identifiers: { email: email(user).value } }]);
      return receipt?.status === 'ACCEPTED' ? receipt.customerId : '';
    };
    const link = (a: string, b: string) =>
      assertLink(line, workspace, { a: email(a), b: email(b), by: 'operator', reason: 'the same person' });
    const [oldest, older, me] = [await greet('oldest'), await greet('older'), await greet('me')];
    await link('older', 'me');
    const { id } = await link('oldest', 'older');
    try {
      const pages = await followCustomer(feed, workspace, { customerId: me });
      await greet('me');
      await revokeLink(line, workspace, { link: id, by: 'operator', reason: 'two persons' });
      await greet('oldest');
      await greet('me');
      const changes = await take(pages, 4);
      expect(changes.at(-1)?.seq).toBe(await feed.head(workspace.id));
      expect(changes.map(({ change, customerId }) => [change, customerId])).toEqual([
        ['UPDATED', oldest],
        ['SPLIT', older],
        ['UPDATED', older],
        ['UPDATED', older],
      ]);
    } finally {
      await feed.stop();
    }
  });

  it('knows nobody by an id that is not there or none at all', async () => {
    await using world = await createWorld();
    const [nobody = ''] = customers(1);
    for (const customerId of [nobody, 'x', ''])
      await expect(followCustomer(world.feed, world.workspace, { customerId })).rejects.toThrow(CustomerNotFound);
  });
});
