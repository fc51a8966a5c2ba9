import { Line } from '@enishi/core';
import { createTestDomain, personNumber } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { shop } from './world.ts';

const order = (id: string, total = 1) => ({ id, type: 'shop.ordered', identifiers: { user: 'hanako' }, properties: { total } });
const orders = `select count(*) as n, coalesce(sum((properties ->> 'total')::numeric), 0)::float8 as total from event where workspace_id = $1`;

it('answers the same id from the same source as a duplicate: in one call, at the same time, later, and after a restart', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace, database, registry } = domain;
  const statuses = async (sent: Promise<readonly { status: string }[]>) => (await sent).map(({ status }) => status);

  expect(await statuses(line.accept(workspace, 'store', [order('a'), order('a')]))).toEqual(['ACCEPTED', 'DUPLICATE']);
  const together = await Promise.all([line.accept(workspace, 'store', [order('b')]), line.accept(workspace, 'store', [order('b')])]);
  expect(
    together
      .flat()
      .map(({ status }) => status)
      .sort(),
  ).toEqual(['ACCEPTED', 'DUPLICATE']);
  expect(await statuses(line.accept(workspace, 'store', [order('a', 99)]))).toEqual(['DUPLICATE']);

  const restarted = new Line({ database, registry });
  expect(await statuses(restarted.accept(workspace, 'store', [order('a'), order('c')]))).toEqual(['DUPLICATE', 'ACCEPTED']);
  expect(await statuses(restarted.accept(workspace, 'web', [order('a')]))).toEqual(['ACCEPTED']);
  await restarted.close();
  expect(await database.query(workspace.id, orders, [workspace.id])).toEqual([{ n: 4, total: 4 }]);
});

it('names the event stored then in the answer to a duplicate', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace } = domain;
  const [first] = await line.accept(workspace, 'store', [order('a')]);
  const [again] = await line.accept(workspace, 'store', [order('a')]);
  expect(again).toEqual({ status: 'DUPLICATE', id: 'a', eventId: first?.status === 'ACCEPTED' ? first.eventId : '' });
});

it('stores a batch exactly once that eight callers send three times each, and counts it once', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace, database } = domain;
  const batch = Array.from({ length: 120 }, (_, n) => ({
    ...order(`receipt-${n}`, n),
    identifiers: { member: personNumber(n % 30).memberNumber, phone: personNumber(n % 45).phone },
  }));
  const answers: string[] = [];
  const caller = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn += 1) answers.push(...(await line.accept(workspace, 'store', batch)).map(({ status }) => status));
  };
  await Promise.all(Array.from({ length: 8 }, caller));
  expect(answers.filter((status) => status === 'ACCEPTED')).toHaveLength(120);
  expect(answers.filter((status) => status === 'DUPLICATE')).toHaveLength(23 * 120);
  expect(await database.query(workspace.id, orders, [workspace.id])).toEqual([{ n: 120, total: (119 * 120) / 2 }]);
});

it('finishes what it has taken before it closes, and takes nothing more', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { workspace, database, registry } = domain;
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const line = new Line({ database, registry, batchSize: 5, writers: 1, onBatch: () => begin() });
  const under = Promise.all(Array.from({ length: 60 }, (_, n) => line.accept(workspace, 'store', [order(`order-${n}`)])));
  await begun;
  const closed = line.close();
  await expect(line.accept(workspace, 'store', [order('late')])).rejects.toThrow('shutting down');
  await closed;
  expect((await under).flat().map(({ status }) => status)).toEqual(Array.from({ length: 60 }, () => 'ACCEPTED'));
  expect(await database.query(workspace.id, orders, [workspace.id])).toEqual([{ n: 60, total: 60 }]);
  await line.close();
});
