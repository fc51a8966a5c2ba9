import { expect, it } from 'vitest';
import { Gate } from '../../src/hooks/gate.ts';

it('lets so many calls of one source in at once, whatever others do', async () => {
  const gate = new Gate(2);
  const { promise, resolve } = Promise.withResolvers<string>();
  const inside = [gate.enter('till', () => promise), gate.enter('till', () => promise)];
  await expect(gate.enter('till', () => promise)).rejects.toMatchObject({ statusCode: 429, code: 'BUSY' });
  await expect(gate.enter('shop', async () => 'in')).resolves.toBe('in');
  resolve('out');
  await expect(Promise.all(inside)).resolves.toEqual(['out', 'out']);
  await expect(gate.enter('till', async () => 'in again')).resolves.toBe('in again');
});

it('keeps nothing of those who have left, also of names that nobody has', async () => {
  const gate = new Gate(2);
  const unknown = () => Promise.reject(new Error('no such webhook'));
  const calls = Array.from({ length: 100 }, (_, i) => gate.enter(`nobody.${i}`, unknown));
  expect(gate.sources).toBe(100);
  await Promise.allSettled(calls);
  expect(gate.sources).toBe(0);
});
