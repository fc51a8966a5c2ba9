import { previewRule, Reader, RuleTooSlow } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import pg from 'pg';
import { expect, it } from 'vitest';
import { shop } from '../line/world.ts';

const buyers = { event: 'shop.ordered' };
const order = (user: string, at: string) => ({ type: 'shop.ordered', at, identifiers: { user }, properties: { total: 1 } });

/** A domain where whoever looks up `buyers` is stuck: the month they bought in is locked. New orders fall into another. */
async function createWorld() {
  await using stack = new AsyncDisposableStack();
  const domain = stack.use(await createTestDomain({ plugins: [shop({})] }));
  const { line, workspace, database, url } = domain;
  await line.accept(workspace, 'store', [order('ann', '2020-01-15T00:00:00Z'), order('ann', '2026-05-01T00:00:00Z')]);
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  stack.defer(() => owner.end());
  const [month] = await database.query<{ name: string }>(
    workspace.id,
    `select tableoid::regclass::text as name from event where occurred_at < '2021-01-01'`,
  );
  await owner.query('begin');
  await owner.query(`lock table ${month?.name} in access exclusive mode`);
  const reader = new Reader(database);
  const field = { field: 'customers', select: [{ field: 'nodes', select: [{ field: 'id' }] }] };
  const open = stack.move();
  return {
    ...domain,
    owner,
    list: () => reader.customersByRule(workspace.id, buyers, field),
    preview: () => previewRule(database, workspace.id, { rule: buyers }),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

it('events are taken in and answered while rules nobody can look up wait by the dozen', async () => {
  await using world = await createWorld();
  const { line, workspace, database, owner } = world;
  const stuck = Promise.allSettled(Array.from({ length: 12 }, () => [world.list(), world.preview()]).flat());
  expect(await line.accept(workspace, 'store', [order('bob', '2026-05-02T00:00:00Z')])).toMatchObject([{ status: 'ACCEPTED' }]);
  expect(await database.query(workspace.id, 'select count(*) as n from customer')).toEqual([{ n: 2 }]);
  await owner.query('rollback');
  const found = (await stuck).map((one) => (one.status === 'fulfilled' ? one.value : one.reason));
  expect(found.filter((_, i) => i % 2 === 1)).toEqual(Array.from({ length: 12 }, () => expect.objectContaining({ count: 2 })));
});

it('a rule that takes too long is refused by name', async () => {
  await using world = await createWorld();
  const refused = expect(world.preview()).rejects.toThrow(RuleTooSlow);
  // As the time limit does, without waiting for it.
  const cancel = `select pg_cancel_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  for (let cancelled = 0; cancelled === 0; ) cancelled = (await world.owner.query(cancel)).rowCount ?? 0;
  await refused;
});
