import { type BatchReport, Clock, createWorkspace, Line, type Submission, saveSegment, type Workspace } from '@enishi/core';
import { createTestDomain, type TestDomain } from '@enishi/testkit';
import pg from 'pg';
import { expect, it } from 'vitest';
import { shop, today } from './world.ts';

const minute = 60_000;
const lapsed = { key: 'lapsed', name: 'Lapsed', rule: { event: 'shop.ordered', last: { olderThan: 'PT10M' } } };
const order = (user: string): Submission => ({ type: 'shop.ordered', identifiers: { user }, properties: { total: 1 } });

const second = (url: string): Promise<Workspace> => createWorkspace(url, { key: 'second', name: 'Second', salt: Buffer.alloc(32, 7) });

/** Everybody of this workspace ordered today and lapses ten minutes later. */
async function people(line: Line, workspace: Workspace, users: readonly string[]): Promise<void> {
  await saveSegment(line, workspace, lapsed);
  await line.accept(workspace, 'store', users.map(order));
}

const inSegment = async ({ database }: TestDomain, { id }: Workspace): Promise<unknown> =>
  (await database.query<{ size: number }>(id, 'select size from segment where workspace_id = $1', [id]))[0]?.size;

/** Resolves when so many customers of this workspace have moved. */
function moves(workspace: Workspace, wanted: number): { seen: (report: BatchReport) => void; done: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let moved = 0;
  const seen = ({ workspaceId, transitions }: BatchReport): void => {
    if (workspaceId === workspace.id) moved += transitions;
    if (moved >= wanted) resolve();
  };
  return { seen, done: promise };
}

/** A second line on the same database, and who hears of its batches. */
const watched = ({ database, registry }: TestDomain, now: () => Date, heard: readonly ReturnType<typeof moves>[]): Line =>
  new Line({
    database,
    registry,
    now,
    onBatch: (report) => {
      for (const { seen } of heard) seen(report);
    },
  });

/** From now on the database refuses that this person is in any segment. */
async function refuse({ url, database, workspace }: TestDomain, user: string): Promise<void> {
  const [row] = await database.query<{ id: string }>(
    workspace.id,
    `select customer_id as id from identity where workspace_id = $1 and value = $2`,
    [workspace.id, user],
  );
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await owner.query(`alter table membership add constraint refused check (customer_id <> '${row?.id}')`);
  await owner.end();
}

it('asks everybody it can, in every workspace, where the database refuses one customer', async () => {
  let now = today;
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => now });
  const { workspace } = domain;
  const other = await second(domain.url);
  await people(domain.line, workspace, ['first', 'poison', 'last']);
  await people(domain.line, other, ['hanako']);
  await refuse(domain, 'poison');

  const here = moves(workspace, 2);
  const there = moves(other, 1);
  const line = watched(domain, () => now, [here, there]);
  const errors: unknown[] = [];
  const clock = new Clock(line, (error) => errors.push(error));
  now = new Date(today.getTime() + 10 * minute);
  clock.start();
  await Promise.all([here.done, there.done]);
  await clock.stop();
  expect(await inSegment(domain, workspace)).toBe(2);
  expect(await inSegment(domain, other)).toBe(1);
  expect(errors).toMatchObject([{ message: expect.stringContaining('refused') }]);
  await line.close();
});

it('reaches those behind more customers than one page that the database refuses', async () => {
  let now = today;
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => now });
  const { line, workspace } = domain;
  await people(line, workspace, ['poison']);
  await refuse(domain, 'poison');
  now = new Date(today.getTime() + 1);
  await people(
    line,
    workspace,
    Array.from({ length: 1200 }, (_, n) => `person-${n}`),
  );
  now = new Date(today.getTime() + 11 * minute);
  await expect(new Clock(line).fire(workspace)).rejects.toThrow('refused');
  expect(await inSegment(domain, workspace)).toBe(1200);
});

it('keeps the instants of one workspace while another is held up', async () => {
  let now = today;
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => now });
  const { workspace } = domain;
  const other = await second(domain.url);
  await people(domain.line, workspace, ['taro']);
  await people(domain.line, other, ['hanako']);

  const here = moves(workspace, 1);
  const there = moves(other, 1);
  const line = watched(domain, () => now, [here, there]);
  const clock = new Clock(line);
  now = new Date(today.getTime() + 10 * minute);
  await domain.line.alone(workspace, async () => {
    clock.start();
    await there.done;
  });
  expect(await inSegment(domain, other)).toBe(1);
  await here.done;
  await clock.stop();
  expect(await inSegment(domain, workspace)).toBe(1);
  await line.close();
});

it('puts down its work between two pages when it is stopped, and the next one takes it up', async () => {
  let now = today;
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => now });
  const { workspace } = domain;
  await people(
    domain.line,
    workspace,
    Array.from({ length: 1200 }, (_, n) => `person-${n}`),
  );
  now = new Date(today.getTime() + 10 * minute);
  const begun = moves(workspace, 1);
  const line = watched(domain, () => now, [begun]);
  const clock = new Clock(line);
  clock.start();
  await begun.done;
  await clock.stop();
  const done = await inSegment(domain, workspace);
  expect(done).toBeLessThan(1200);
  await line.close();
  expect(await new Clock(domain.line).fire(workspace)).toBe(1200 - Number(done));
  expect(await inSegment(domain, workspace)).toBe(1200);
});
