import { createTestDomain } from '@enishi/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { freshWorkspace, histories, send, shop, snapshot, today, withoutIds } from './world.ts';

it('makes the same customers of the same events, in whatever order and pieces they arrive', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => today });
  const { line, url } = domain;
  const orders = histories({ max: 20 }).chain((events) =>
    fc.tuple(
      fc.constant(events),
      fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(orders, async ([events, shuffled, sizes]) => {
      const [one, other] = [await freshWorkspace(url, line), await freshWorkspace(url, line)];
      await send(line, one, { events, sizes: [events.length] });
      await send(line, other, { events: shuffled, sizes });
      expect(withoutIds(await snapshot(line, other))).toEqual(withoutIds(await snapshot(line, one)));
    }),
    { numRuns: 20 },
  );
}, 180_000);

it('makes the same customers of the same events sent by several callers at once', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => today });
  const { line, url } = domain;
  await fc.assert(
    fc.asyncProperty(histories({ max: 20 }), async (events) => {
      const [one, other] = [await freshWorkspace(url, line), await freshWorkspace(url, line)];
      await send(line, one, { events, sizes: [events.length] });
      const receipts = await Promise.all([...events, ...events].map((event) => line.accept(other, 'world', [event])));
      const statuses = receipts.flat().map(({ status }) => status);
      expect(statuses.filter((status) => status === 'ACCEPTED')).toHaveLength(events.length);
      expect(statuses.filter((status) => status === 'DUPLICATE')).toHaveLength(events.length);
      expect(withoutIds(await snapshot(line, other))).toEqual(withoutIds(await snapshot(line, one)));
    }),
    { numRuns: 20 },
  );
}, 180_000);
