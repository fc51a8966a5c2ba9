import { cancelBackfill, InvalidOptions, loadBackfill, resumeBackfill, sourceHealth, startBackfill, UnknownSource } from '@enishi/core';
import { backfill, ComeBackLater, GiveUp, poll } from '@enishi/plugin-sdk';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createWorld, visit } from './world.ts';

const page = z.object({ next: z.int() });

/** A partner with numbered visits, read in pages. */
const reading = (total: () => number, size = 2) => {
  const asked: (number | undefined)[] = [];
  return {
    asked,
    read: async (cursor: { next: number } | undefined) => {
      asked.push(cursor?.next);
      const from = cursor?.next ?? 0;
      const to = Math.min(from + size, total());
      const drafts = Array.from({ length: to - from }, (_, n) => visit(`v${from + n}`, String(from + n)));
      return { drafts, cursor: { next: to }, more: to < total() };
    },
  };
};

it('a poll reads on from its cursor, at its interval, and stores an empty page too', async () => {
  let total = 5;
  const partner = reading(() => total);
  await using world = await createWorld({ visits: poll({ description: '', cursor: page, everySeconds: 60, read: partner.read }) });
  await world.settle();
  expect(partner.asked).toEqual([undefined, 2, 4]);
  world.pass(59);
  await world.settle();
  expect(partner.asked).toHaveLength(3);
  world.pass(1);
  total = 6;
  await world.settle();
  world.pass(60);
  await world.settle();
  expect(partner.asked).toEqual([undefined, 2, 4, 5, 6]);
  expect((await world.visits()).map(({ at }) => at)).toEqual(['0', '1', '2', '3', '4', '5']);
  expect(await sourceHealth(world.database, 1, world.now())).toMatchObject([
    { source: 'place.visits', kind: 'POLL', failures: 0, reason: null },
  ]);
});

it('a page of 500 events and its cursor are one transaction, whoever they are about', async () => {
  const partner = reading(() => 500, 500);
  await using world = await createWorld({ visits: poll({ description: '', cursor: page, everySeconds: 60, read: partner.read }) });
  await world.settle();
  const written = await world.database.query(
    1,
    `select distinct xmin::text from (
       select xmin from event where workspace_id = 1 union all select xmin from event_key where workspace_id = 1
     ) stored`,
  );
  expect(written).toHaveLength(1);
  expect(await world.visits()).toHaveLength(500);
  expect(await world.database.query(1, 'select read, accepted, cursor from reading where workspace_id = 1')).toEqual([
    { read: 500, accepted: 500, cursor: { next: 500 } },
  ]);
});

it('of two processes one asks at a time', async () => {
  let inside = 0;
  let most = 0;
  const partner = reading(() => 40);
  const read = async (cursor: { next: number } | undefined) => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((done) => setImmediate(done));
    inside -= 1;
    return partner.read(cursor);
  };
  await using world = await createWorld({ visits: poll({ description: '', cursor: page, everySeconds: 60, read }) });
  await Promise.all([world.worker().settle(), world.worker().settle(), world.worker().settle()]);
  await world.settle();
  expect(most).toBe(1);
  expect(partner.asked).toHaveLength(20);
  expect(await world.visits()).toHaveLength(40);
});

it('events it also gets by a webhook are booked there and counted once', async () => {
  const partner = reading(() => 2);
  await using world = await createWorld({
    catchUp: poll({ description: '', cursor: page, everySeconds: 60, sameAs: 'hook', read: partner.read }),
  });
  await world.line.accept(world.workspace, 'place.hook', [visit('v0', '0')]);
  await world.settle();
  expect(await world.visits()).toEqual([
    { source: 'place.hook', at: '0' },
    { source: 'place.hook', at: '1' },
  ]);
});

it('a stored cursor that no longer has its shape begins anew', async () => {
  const partner = reading(() => 3);
  await using world = await createWorld({ visits: poll({ description: '', cursor: page, everySeconds: 60, read: partner.read }) });
  await world.settle();
  await world.database.query(1, `update reading set cursor = '"2026-01-01"' where workspace_id = 1`);
  world.pass(60);
  await world.settle();
  expect(partner.asked).toEqual([undefined, 2, undefined, 2]);
  expect(await world.visits()).toHaveLength(3);
});

it.each([
  [
    'has too many events',
    () => ({ drafts: Array.from({ length: 501 }, (_, n) => visit(`v${n}`)), cursor: { next: 0 }, more: false }),
    '501 events',
  ],
  ['has an event without an id', () => ({ drafts: [{ ...visit('v'), id: undefined }], cursor: { next: 0 }, more: false }), 'no id'],
  ['has a cursor of another shape', () => ({ drafts: [], cursor: { next: 'x' } as never, more: false }), 'declared shape'],
  ['is none', () => 'busy' as never, 'no page'],
])('a page that %s is refused, and the reason can be seen', async (_, answer, reason) => {
  await using world = await createWorld({
    visits: poll({ description: '', cursor: page, everySeconds: 60, read: async () => answer() }),
  });
  await world.settle();
  expect(await world.visits()).toEqual([]);
  expect(await sourceHealth(world.database, 1, world.now())).toMatchObject([{ failures: 1, reason: expect.stringContaining(reason) }]);
});

it('errors make the pauses grow; the partner may say when; it goes on where it was', async () => {
  let trouble: Error | undefined = new Error('502 of the partner');
  const partner = reading(() => 2);
  await using world = await createWorld({
    visits: poll({
      description: '',
      cursor: page,
      everySeconds: 60,
      read: (cursor) => {
        if (trouble) throw trouble;
        return partner.read(cursor);
      },
    }),
  });
  const dueIn = async () => {
    const [row] = await world.database.query<{ due_at: Date }>(1, 'select due_at from reading where workspace_id = 1');
    return ((row?.due_at.getTime() ?? 0) - world.now().getTime()) / 1000;
  };
  const pauses: number[] = [];
  for (let failures = 0; failures < 3; failures += 1) {
    await world.settle();
    pauses.push(await dueIn());
    world.pass(pauses.at(-1) ?? 0);
  }
  trouble = new ComeBackLater(600);
  await world.settle();
  pauses.push(await dueIn());
  expect(pauses).toEqual([10, 20, 40, 600]);
  trouble = undefined;
  world.pass(600);
  await world.settle();
  expect(await world.visits()).toHaveLength(2);
  expect(await dueIn()).toBe(60);
});

const options = z.object({ since: z.int() });

const history = (partner: ReturnType<typeof reading>) =>
  backfill({ description: '', options, cursor: page, read: ({ since }, cursor) => partner.read(cursor ?? { next: since }) });

it('a backfill reads to its end and counts what came of it', async () => {
  const partner = reading(() => 5);
  await using world = await createWorld({ history: history(partner) });
  await world.line.accept(world.workspace, 'place.history', [visit('v1', '1')]);
  const { id, status } = await startBackfill(world, 1, { source: 'place.history', options: { since: 0 }, now: world.now() });
  expect(status).toBe('READING');
  await world.settle();
  expect(await loadBackfill(world.database, 1, id)).toMatchObject({ status: 'DONE', pages: 3, read: 5, accepted: 4, duplicate: 1 });
  expect(partner.asked).toEqual([0, 2, 4]);
});

it('a backfill takes only its own options, and must be one', async () => {
  await using world = await createWorld({ history: history(reading(() => 1)) });
  await expect(startBackfill(world, 1, { source: 'place.history', options: { since: 'May' } })).rejects.toThrow(InvalidOptions);
  await expect(startBackfill(world, 1, { source: 'place.visits', options: {} })).rejects.toThrow(UnknownSource);
});

it('a backfill that is given up or cancelled goes on at its cursor when it is resumed', async () => {
  const partner = reading(() => 6);
  let trouble: Error | undefined;
  await using world = await createWorld({
    history: backfill({
      description: '',
      options,
      cursor: page,
      read: async (_options, cursor) => {
        if (cursor?.next === 2 && trouble) throw trouble;
        return partner.read(cursor);
      },
    }),
  });
  const start = () => startBackfill(world, 1, { source: 'place.history', options: { since: 0 }, now: world.now() });
  trouble = new GiveUp('the token was revoked');
  const { id } = await start();
  await world.settle();
  expect(await loadBackfill(world.database, 1, id)).toMatchObject({ status: 'GIVEN_UP', pages: 1, reason: 'the token was revoked' });
  await cancelBackfill(world.database, 1, { id, now: world.now() });
  trouble = undefined;
  await world.settle();
  expect(partner.asked).toEqual([undefined]);
  await resumeBackfill(world.database, 1, { id, now: world.now() });
  await world.settle();
  expect(partner.asked).toEqual([undefined, 2, 4]);
  expect(await loadBackfill(world.database, 1, id)).toMatchObject({ status: 'DONE', read: 6, accepted: 6 });
});
