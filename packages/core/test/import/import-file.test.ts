import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { ImportInputError, type ImportProgress } from '@enishi/core';
import { describe, expect, it } from 'vitest';
import { accepted, createWorld, visitsText } from './world.ts';

describe('a file', () => {
  it('comes in through the line; what does not is written down with its lines and reason', async () => {
    await using world = await createWorld();
    const path = await world.write('visits.txt', `v1 taro\nnonsense\nv2 \nv3 hanako\n`);
    const report = await world.import(path);
    expect(report).toMatchObject({
      finished: true,
      resumedAt: 0,
      items: 4,
      accepted: 2,
      duplicate: 0,
      quarantined: 1,
      rejected: 1,
      lines: { accepted: 2, duplicate: 0, quarantined: 1, rejected: 1 },
      reasons: { 'not a visit': 1, 'identifiers: none of them identifies anybody': 1 },
      rejectsPath: `${path}.rejects.ndjson`,
    });
    const rejects = (await readFile(`${path}.rejects.ndjson`, 'utf8')).trimEnd().split('\n');
    expect(rejects.map((text) => JSON.parse(text))).toMatchObject([
      { lines: [2], status: 'REJECTED', reason: 'not a visit', raw: 'nonsense' },
      {
        lines: [3],
        status: 'QUARANTINED',
        reason: 'identifiers: none of them identifies anybody',
        raw: { id: 'v2', type: 'visits.visited' },
      },
    ]);
    expect(await world.count('event')).toBe(2);
  });

  it('a second time adds nothing and is all duplicates', async () => {
    await using world = await createWorld();
    const path = await world.write('visits.txt', visitsText(2000));
    expect(await world.import(path)).toMatchObject({ items: 2000, accepted: 1980, rejected: 20 });
    expect(await world.import(path)).toMatchObject({ items: 2000, accepted: 0, duplicate: 1980, rejected: 20, resumedAt: 0 });
    expect([await world.count('event'), await world.count('customer')]).toEqual([1980, 50]);
  });

  it('leaves no rejects file where everything got in, nor that of an earlier run', async () => {
    await using world = await createWorld();
    const path = await world.write('visits.txt', 'broken\n');
    expect((await world.import(path)).rejectsPath).toBeDefined();
    await world.write('visits.txt', 'v1 taro\n');
    expect((await world.import(path)).rejectsPath).toBeUndefined();
    expect(existsSync(`${path}.rejects.ndjson`)).toBe(false);
  });

  it('is inflated where its bytes say gzip, whatever its name says', async () => {
    await using world = await createWorld();
    const path = await world.write('visits.txt', gzipSync('v1 taro\nv2 hanako\n'));
    expect(await world.import(path)).toMatchObject({ accepted: 2 });
  });

  it('tells how far it is', async () => {
    await using world = await createWorld();
    const path = await world.write('visits.txt', visitsText(1000));
    const heard: ImportProgress[] = [];
    await world.import(path, { onProgress: (progress) => heard.push(progress), batchSize: 100 });
    const last = heard.at(-1);
    expect(last).toMatchObject({ items: 1000, accepted: 990, rejected: 10, bytes: last?.size });
    expect(heard.map(({ items }) => items)).toEqual(heard.map(({ items }) => items).sort((a, b) => a - b));
  });
});

describe('batches', () => {
  it('are several under way at once, and no more than allowed', async () => {
    await using world = await createWorld();
    const path = await world.write('visits.txt', visitsText(1000));
    let waiting = 0;
    let most = 0;
    let open: () => void = () => {};
    const line = world.lineThat(async (_workspace, _source, drafts) => {
      waiting += 1;
      most = Math.max(most, waiting);
      // Nobody is answered before three are there: an import that waits for each batch would stand still here.
      if (waiting === 3) open();
      else await new Promise<void>((resolve) => (open = chain(open, resolve)));
      waiting -= 1;
      return accepted(drafts);
    });
    expect(await world.import(path, { line, batchSize: 100, inFlight: 3, ...unblocked(() => open()) })).toMatchObject({ items: 1000 });
    expect(most).toBe(3);
  });
});

const chain = (one: () => void, other: () => void) => () => {
  one();
  other();
};
/** The last batches are fewer than three; whoever counts progress lets them go. */
const unblocked = (open: () => void) => ({ onProgress: () => setImmediate(open) });

describe('what cannot be used', () => {
  it.each([
    ['an option it does not have', { shop: 'x' }, 'Unrecognized key: "shop"; it has store, refuse'],
    ['an option of the wrong type', { store: 1 }, 'store: Invalid input: expected string, received number'],
    ['a file the source refuses', { refuse: true }, 'it is not wanted'],
  ])('%s', async (_, options, message) => {
    await using world = await createWorld();
    const path = await world.write('visits.txt', 'v1 taro\n');
    const failure = await world.import(path, { options }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ImportInputError);
    expect((failure as Error).message).toContain(message);
  });

  it('a file that is not there, a folder, a damaged archive', async () => {
    await using world = await createWorld();
    await expect(world.import(`${world.folder}/nothing.csv`)).rejects.toThrow(ImportInputError);
    await expect(world.import(world.folder)).rejects.toThrow(ImportInputError);
    const damaged = gzipSync(visitsText(1000)).subarray(0, 400);
    await expect(world.import(await world.write('visits.gz', damaged))).rejects.toThrow('its compressed data is damaged');
  });
});
