import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Chore, Rounds } from '../../src/plugin/rounds.ts';

/** Rounds whose looks wait at a door each until the test lets them through. */
function createWorld() {
  const doors: PromiseWithResolvers<readonly Chore[]>[] = [];
  const taken: string[] = [];
  const chore: Chore = { key: 'calls', most: 1, take: async () => void taken.push('calls') };
  const rounds = new Rounds({
    due: () => {
      const door = Promise.withResolvers<readonly Chore[]>();
      doors.push(door);
      return door.promise;
    },
    everyMs: 60_000,
    onError: (error) => {
      throw error;
    },
  });
  return { rounds, doors, chore, taken };
}

it('looks once more for however many wakes came during a look', async () => {
  const { rounds, doors, chore, taken } = createWorld();
  rounds.start();
  for (let wakes = 0; wakes < 100; wakes += 1) rounds.wake();
  await turn();
  expect(doors).toHaveLength(1);
  doors[0]?.resolve([]);
  await turn();
  expect(doors).toHaveLength(2);
  doors[1]?.resolve([chore]);
  await turn();
  expect(doors).toHaveLength(2);
  expect(taken).toEqual(['calls']);
  await rounds.stop();
});

it('takes nothing any more once it has stopped, whoever woke it before', async () => {
  const { rounds, doors, chore, taken } = createWorld();
  rounds.start();
  for (let wakes = 0; wakes < 5; wakes += 1) rounds.wake();
  await turn();
  const stopped = rounds.stop();
  doors[0]?.resolve([chore]);
  await stopped;
  for (const door of doors) door.resolve([chore]);
  await turn();
  expect(taken).toEqual([]);
});

it('settles without having been started, again after it was stopped', async () => {
  const { rounds, doors, chore, taken } = createWorld();
  for (const round of [1, 2]) {
    const settled = rounds.settle();
    await turn();
    doors.at(-1)?.resolve([chore]);
    await turn();
    doors.at(-1)?.resolve([]);
    await settled;
    expect(taken).toHaveLength(round);
    await rounds.stop();
  }
});
