import { pollChanges, type Stretch } from '@enishi/plugin-sdk';
import { clock, createDesk } from '@enishi/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';

/** Reads until there is nothing more, as the house does. */
async function readAll(poll: ReturnType<typeof pollChanges>, { cursor, now }: { cursor?: unknown; now: () => Date }): Promise<unknown> {
  const desk = createDesk({ now });
  for (let page = await poll.read(cursor as never, desk); ; page = await poll.read(page.cursor as never, desk)) {
    const stored: unknown = poll.cursor.parse(JSON.parse(JSON.stringify(page.cursor)));
    if (!page.more) return stored;
  }
}

it('reads every instant once it has begun, however long the pauses and however many pages', async () => {
  const pauses = fc.array(fc.integer({ min: 60, max: 100 * 86_400 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(pauses, fc.constantFrom(undefined, 31), fc.integer({ min: 1, max: 3 }), async (seconds, longestDays, pages) => {
      const time = clock('2026-01-05T00:00:00Z');
      const seen: Stretch<'a' | 'b'>[] = [];
      const poll = pollChanges({
        description: 'What changed.',
        everySeconds: 60,
        parts: ['a', 'b'],
        ...(longestDays === undefined ? {} : { longestDays }),
        read: async (stretch) => {
          seen.push(stretch);
          return { drafts: [], more: stretch.page < pages };
        },
      });
      let cursor: unknown;
      for (const pause of seconds) {
        cursor = await readAll(poll, { cursor, now: time.now });
        time.advance(pause);
      }
      for (const part of ['a', 'b'] as const) {
        const stretches = seen.filter((stretch) => stretch.part === part && stretch.page === 1);
        for (const [index, { from, to }] of stretches.entries()) {
          expect((to.getTime() - from.getTime()) / 86_400_000).toBeLessThanOrEqual(longestDays ?? Number.POSITIVE_INFINITY);
          const before = stretches[index - 1];
          if (before) expect(from.getTime()).toBe(before.to.getTime() - 5 * 60_000);
        }
      }
      expect(seen.filter(({ part }) => part === 'a').length).toBe(seen.filter(({ part }) => part === 'b').length);
    }),
    { numRuns: 50 },
  );
});

it('keeps the end of a stretch while its pages are read', async () => {
  const time = clock('2026-01-05T00:00:00Z');
  const ends: string[] = [];
  const poll = pollChanges({
    description: 'What changed.',
    everySeconds: 60,
    parts: ['only'],
    read: async ({ to, page }) => {
      ends.push(to.toISOString());
      time.advance(3600);
      return { drafts: [], more: page < 3 };
    },
  });
  await readAll(poll, { now: time.now });
  expect(ends).toEqual(Array(3).fill('2026-01-05T00:00:00.000Z'));
});
