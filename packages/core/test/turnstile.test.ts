import { RulesBusy } from '@enishi/core';
import { expect, it } from 'vitest';
import { Turnstile } from '../src/turnstile.ts';

it('lets so many in at once, the others in the order in which they came', async () => {
  const turnstile = new Turnstile({ places: 2, patienceMs: 60_000 });
  const doors = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const inside: number[] = [];
  const all = doors.map((door, i) =>
    turnstile.pass(() => {
      inside.push(i);
      return door.promise;
    }),
  );
  await expect.poll(() => inside).toEqual([0, 1]);
  doors[1]?.reject(new Error('left in anger'));
  await expect(all[1]).rejects.toThrow('left in anger');
  await expect.poll(() => inside).toEqual([0, 1, 2]);
  for (const { resolve } of doors) resolve();
  await Promise.allSettled(all);
  expect(inside).toEqual([0, 1, 2, 3, 4]);
});

it('sends away who has waited too long, and forgets them', async () => {
  const turnstile = new Turnstile({ places: 1, patienceMs: 1 });
  const { promise, resolve } = Promise.withResolvers<string>();
  const first = turnstile.pass(() => promise);
  await expect(turnstile.pass(async () => 'second')).rejects.toThrow(RulesBusy);
  resolve('first');
  await expect(first).resolves.toBe('first');
  await expect(turnstile.pass(async () => 'third')).resolves.toBe('third');
});
