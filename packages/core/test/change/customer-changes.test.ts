import { CustomerNotFound, encodeCursor, followCustomer, type Pages } from '@enishi/core';
import { describe, expect, it } from 'vitest';
import { createSegment, createWorld, customers, log, type Row, type World } from './world.ts';

const identify = ({ database, workspace }: World, ids: readonly string[]) =>
  database.query(
    workspace.id,
    `insert into identity (workspace_id, id, customer_id, namespace, value, created_at) select $1, id, id, 'test', id::text, now() from unnest($2::uuid[]) id`,
    [workspace.id, ids],
  );

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

  it('knows nobody by an id that is not there or none at all', async () => {
    await using world = await createWorld();
    const [nobody = ''] = customers(1);
    for (const customerId of [nobody, 'x', ''])
      await expect(followCustomer(world.feed, world.workspace, { customerId })).rejects.toThrow(CustomerNotFound);
  });
});
