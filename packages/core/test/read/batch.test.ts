import { Reader, type Selection } from '@enishi/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// The batching itself has no door of its own.
import { batched } from '../../src/read/batch.ts';
import { createWorld, customer, idOf, type World } from './world.ts';

/** A load that waits until it is let go. */
function held() {
  const under = [] as { keys: readonly string[]; go: () => void }[];
  const load = (keys: readonly string[]): Promise<Map<string, string>> =>
    new Promise((resolve) => under.push({ keys, go: () => resolve(new Map(keys.map((key) => [key, `${key}!`]))) }));
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return { under, load, turn };
}

describe('askers of the same', () => {
  it('go at once while few statements are under way, and share the next one otherwise', async () => {
    const { under, load, turn } = held();
    const ask = batched(load, { largest: 3, inFlight: 2 });
    const answers = [ask('a')];
    await turn();
    answers.push(ask('b'), ask('b'));
    await turn();
    expect(under.map(({ keys }) => keys)).toEqual([['a'], ['b']]);
    for (const key of ['c', 'd', 'e', 'f']) answers.push(ask(key));
    await turn();
    expect(under).toHaveLength(2);
    under[0]?.go();
    await turn();
    expect(under.map(({ keys }) => keys)).toEqual([['a'], ['b'], ['c', 'd', 'e']]);
    under[1]?.go();
    await turn();
    expect(under[3]?.keys).toEqual(['f']);
    under[2]?.go();
    under[3]?.go();
    expect(await Promise.all(answers)).toEqual(['a!', 'b!', 'b!', 'c!', 'd!', 'e!', 'f!']);
  });

  it('are not held up by a statement that failed', async () => {
    const load = async ([key]: readonly string[]): Promise<Map<string, number>> => {
      if (key === 'a') throw new Error('broken');
      return new Map([['b', 1]]);
    };
    const ask = batched<number>(load, { largest: 1, inFlight: 1 });
    const [a, b, c] = await Promise.allSettled([ask('a'), ask('b'), ask('c')]);
    expect([a?.status, b, c]).toEqual(['rejected', { status: 'fulfilled', value: 1 }, { status: 'fulfilled', value: undefined }]);
  });
});

describe('a reader', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const selection: Selection = [{ field: 'id' }, { field: 'identities', select: [{ field: 'value' }] }];

  it('reads a hundred customers asked by a hundred requests in four statements', async () => {
    const ids = await Promise.all(Array.from({ length: 100 }, (_, index) => customer(world, `batch-${index}`)));
    const statements: string[] = [];
    const reader = new Reader(world.database, { onStatement: (text) => void statements.push(text) });
    const trees = await Promise.all(ids.map((id) => reader.customer(world.workspace.id, id, structuredClone(selection))));
    expect(trees.map((tree) => tree?.id)).toEqual(ids);
    expect(statements).toHaveLength(4);
    expect(new Set(statements).size).toBe(1);
  });

  it('gives each asker its own answer where two ask for one customer', async () => {
    const id = await customer(world, 'shared');
    const reader = new Reader(world.database);
    const [one, other] = await Promise.all([id, id.toUpperCase()].map((same) => reader.customer(world.workspace.id, same, selection)));
    expect(one).toEqual(other);
  });

  it('never answers another workspace', async () => {
    const id = await customer(world, 'mine');
    const reader = new Reader(world.database);
    expect(await reader.customer(world.workspace.id + 1, id, selection)).toBeUndefined();
    expect(await reader.customer(world.workspace.id, id, selection)).toBeDefined();
  });

  it('keeps working through more selections than it remembers', async () => {
    const id = await customer(world, 'selections');
    const reader = new Reader(world.database);
    for (let index = 0; index < 520; index += 1) {
      const tree = await reader.customer(world.workspace.id, id, [{ field: 'createdAt', as: `@n${index}` }]);
      expect(tree).toHaveProperty(`@n${index}`);
    }
    expect(await reader.customer(world.workspace.id, idOf('nobody'), selection)).toBeUndefined();
  });
});
