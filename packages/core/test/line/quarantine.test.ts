import { Line, Registry, replayQuarantined } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import pg from 'pg';
import { expect, it } from 'vitest';
import { shop, today } from './world.ts';

const order = { id: 'order-1', type: 'shop.ordered', identifiers: { user: 'hanako' }, properties: { total: 5 } };
const events = 'select occurred_at as at from event where workspace_id = $1';
const held = 'select id, attempts, replayed_at as "replayedAt" from quarantined_event where workspace_id = $1';

it('takes a quarantined event in exactly once when its cause is mended, at the time it first came', async () => {
  let now = today;
  await using domain = await createTestDomain({ now: () => now });
  const { line, workspace, database } = domain;
  const [receipt] = await line.accept(workspace, 'store', [order]);
  expect(receipt).toMatchObject({ status: 'QUARANTINED', violations: [{ path: 'type' }] });
  const id = receipt?.status === 'QUARANTINED' ? receipt.eventId : '';

  now = new Date(today.getTime() + 60_000);
  expect((await replayQuarantined(line, workspace, [id])).get(id)).toMatchObject({ status: 'QUARANTINED', eventId: id });
  expect(await database.query(workspace.id, held, [workspace.id])).toEqual([{ id, attempts: 2, replayedAt: null }]);

  const mended = new Line({ database, registry: new Registry([shop({})]), now: () => now });
  const answers = await Promise.all([replayQuarantined(mended, workspace, [id]), replayQuarantined(mended, workspace, [id])]);
  // The other one finds it stored already, or replayed already if it looked later still.
  const statuses = answers.map((answer) => answer.get(id)?.status ?? 'replayed').sort();
  expect([
    ['ACCEPTED', 'DUPLICATE'],
    ['ACCEPTED', 'replayed'],
  ]).toContainEqual(statuses);
  expect(await database.query(workspace.id, events, [workspace.id])).toEqual([{ at: today }]);
  expect(await database.query(workspace.id, held, [workspace.id])).toEqual([{ id, attempts: 2, replayedAt: now }]);
  expect((await replayQuarantined(mended, workspace, [id])).size).toBe(0);
  expect(await mended.accept(workspace, 'store', [order])).toMatchObject([{ status: 'DUPLICATE', eventId: id }]);
  await mended.close();
});

it('lets a sender mend an event itself, and a replay of the old one adds nothing', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace, database } = domain;
  const [bad] = await line.accept(workspace, 'store', [{ ...order, properties: { total: '5' } }]);
  expect(bad?.status).toBe('QUARANTINED');
  expect(await line.accept(workspace, 'store', [order])).toMatchObject([{ status: 'ACCEPTED' }]);
  const id = bad?.status === 'QUARANTINED' ? bad.eventId : '';
  expect((await replayQuarantined(line, workspace, [id])).get(id)?.status).toBe('DUPLICATE');
  expect(await database.query(workspace.id, events, [workspace.id])).toHaveLength(1);
});

it('answers a retry as the duplicate it is, also where it would not pass the checks of today', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace, database } = domain;
  const [first] = await line.accept(workspace, 'store', [order]);
  const eventId = first?.status === 'ACCEPTED' ? first.eventId : '';
  const stricter = new Line({ database, registry: new Registry([]) });
  const answers = await stricter.accept(workspace, 'store', [order, { ...order, id: 'order-2' }]);
  expect(answers).toMatchObject([
    { status: 'DUPLICATE', id: 'order-1', eventId },
    { status: 'QUARANTINED', id: 'order-2' },
  ]);
  expect(await database.query(workspace.id, held, [workspace.id])).toHaveLength(1);
  await stricter.close();
});

/** From now on the database refuses events whose total is 13. */
async function refuseThirteen(url: string): Promise<void> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await owner.query(`alter table event add constraint not_thirteen check (properties ->> 'total' is distinct from '13')`);
  await owner.end();
}

it('finds the one event the database itself refuses, sets it aside, and stores the 499 around it', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace, database, url } = domain;
  await refuseThirteen(url);
  const batch = Array.from({ length: 500 }, (_, n) => ({
    type: 'shop.ordered',
    identifiers: { user: `person-${n % 50}` },
    properties: { total: n === 321 ? 13 : 1 },
  }));
  const receipts = await line.accept(workspace, 'store', batch);
  expect(receipts.filter(({ status }) => status === 'ACCEPTED')).toHaveLength(499);
  expect(receipts[321]).toMatchObject({ status: 'QUARANTINED', violations: [{ message: expect.stringContaining('operator') }] });
  const [row] = await database.query<{ id: string; draft: unknown }>(
    workspace.id,
    'select id, draft from quarantined_event where workspace_id = $1',
    [workspace.id],
  );
  expect(row).toMatchObject({ id: receipts[321]?.status === 'QUARANTINED' ? receipts[321].eventId : '', draft: { id: receipts[321]?.id } });

  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await owner.query('alter table event drop constraint not_thirteen');
  await owner.end();
  expect([...(await replayQuarantined(line, workspace, [row?.id ?? ''])).values()]).toMatchObject([
    { status: 'ACCEPTED', id: receipts[321]?.id },
  ]);
  const [stored] = await database.query(
    workspace.id,
    `select count(*) as n, sum((properties ->> 'total')::int) as total from event where workspace_id = $1`,
    [workspace.id],
  );
  expect(stored).toEqual({ n: 500, total: 499 + 13 });
});

it('answers every one of many callers whose events shared a batch with a refused one', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace, url } = domain;
  await refuseThirteen(url);
  const totals = Array.from({ length: 40 }, (_, n) => n);
  const answers = await Promise.all(
    totals.map((total) =>
      line.accept(workspace, 'store', [
        { ...order, id: `order-${total}`, identifiers: { user: `person-${total}` }, properties: { total } },
      ]),
    ),
  );
  expect(answers.flat().map(({ status, id }) => `${id} ${status}`)).toEqual(
    totals.map((total) => `order-${total} ${total === 13 ? 'QUARANTINED' : 'ACCEPTED'}`),
  );
});

it('learns nothing of an event that was refused, of a customer who is remembered from before', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace, database, url } = domain;
  await refuseThirteen(url);
  const says = (total: number, traits: object) => ({ ...order, id: `order-${total}`, properties: { total }, traits });
  await line.accept(workspace, 'store', [says(1, { city: 'Tokyo' })]);
  await line.accept(workspace, 'store', [says(2, { size: 'M' }), says(13, { city: 'Osaka', shoe: 27 })]);
  await line.accept(workspace, 'store', [says(3, { colour: 'red' })]);
  const rows = await database.query(
    workspace.id,
    `select (select jsonb_object_agg(key, value -> 'v') from jsonb_each(traits)) as traits from customer where workspace_id = $1`,
    [workspace.id],
  );
  expect(rows).toEqual([{ traits: { city: 'Tokyo', size: 'M', colour: 'red' } }]);
});
