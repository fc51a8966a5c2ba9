import { appendFile } from 'node:fs/promises';
import type { Receipt } from '@enishi/core';
import { expect, it } from 'vitest';
import { accepted, createWorld, visitsText } from './world.ts';

it('an import that failed goes on behind the last batch that everything before was acknowledged with', async () => {
  await using world = await createWorld();
  const path = await world.write('visits.txt', visitsText(1000));
  const seen: string[] = [];
  let calls = 0;
  const failing = world.lineThat(async (_workspace, _source, drafts) => {
    calls += 1;
    if (calls === 4) throw new Error('the database went away');
    seen.push(...(drafts as { id: string }[]).map(({ id }) => id));
    return accepted(drafts);
  });
  await expect(world.import(path, { line: failing, batchSize: 100 })).rejects.toThrow('the database went away');

  const again = world.lineThat(async (_workspace, _source, drafts) => {
    seen.push(...(drafts as { id: string }[]).map(({ id }) => id));
    return accepted(drafts);
  });
  const report = await world.import(path, { line: again, batchSize: 100 });
  expect(report).toMatchObject({ finished: true, resumedAt: 300, items: 1000, accepted: 990, rejected: 10 });
  expect(new Set(seen).size).toBe(990);
});

it('a batch answered early does not move the position past one that is not', async () => {
  await using world = await createWorld();
  const path = await world.write('visits.txt', visitsText(400));
  let refuseFirst: (error: Error) => void = () => {};
  let calls = 0;
  const line = world.lineThat((_workspace, _source, drafts) => {
    calls += 1;
    if (calls === 1) return new Promise<Receipt[]>((_, reject) => (refuseFirst = reject));
    if (calls === 4) refuseFirst(new Error('the first batch failed last'));
    return Promise.resolve(accepted(drafts));
  });
  await expect(world.import(path, { line, batchSize: 100, inFlight: 4 })).rejects.toThrow('the first batch failed last');
  expect(await world.import(path, { batchSize: 100 })).toMatchObject({ resumedAt: 0, items: 400 });
});

it('a signal stops it between batches, and the same command goes on', async () => {
  await using world = await createWorld();
  const path = await world.write('visits.txt', visitsText(1000));
  const stop = new AbortController();
  const stopped = await world.import(path, {
    batchSize: 100,
    signal: stop.signal,
    onProgress: ({ items }) => {
      if (items >= 300) stop.abort();
    },
  });
  expect(stopped.finished).toBe(false);
  expect(stopped.items).toBeGreaterThanOrEqual(300);
  const resumed = await world.import(path, { batchSize: 100 });
  expect(resumed).toMatchObject({ finished: true, resumedAt: stopped.items, items: 1000, accepted: 990, duplicate: 0 });
  expect(await world.count('event')).toBe(990);
});

it('a file that changed, other options and fromStart begin at the beginning', async () => {
  await using world = await createWorld();
  const path = await world.write('visits.txt', visitsText(400));
  const aborted = async () => {
    const stop = new AbortController();
    return world.import(path, { batchSize: 100, signal: stop.signal, onProgress: ({ items }) => items >= 100 && stop.abort() });
  };
  expect((await aborted()).finished).toBe(false);
  expect(await world.import(path, { options: { store: 'Shibuya' } })).toMatchObject({ resumedAt: 0 });
  expect(await world.import(path, { fromStart: true })).toMatchObject({ resumedAt: 0 });
  await appendFile(path, 'v9999 late\n');
  expect(await world.import(path)).toMatchObject({ resumedAt: 0, items: 401, accepted: 1, duplicate: 396 });
});
