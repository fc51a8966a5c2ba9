import { Clock } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asKept, atBoundaries, freshWorkspace, fromScratch, histories, send, shop, today } from './world.ts';

it('keeps every segment equal to the same rule computed from scratch, at every boundary of time', async () => {
  let now = today;
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => now });
  const { line, url } = domain;
  const clock = new Clock(line);
  await fc.assert(
    fc.asyncProperty(histories(), fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }), async (events, sizes) => {
      now = today;
      const workspace = await freshWorkspace(url, line);
      for (let start = 0; start < events.length; start += sizes[0] ?? 1) {
        await send(line, workspace, { events: events.slice(start, start + (sizes[0] ?? 1)), sizes });
        await clock.fire(workspace);
        expect(await asKept(line, workspace)).toEqual(await fromScratch(line, workspace, { now }));
      }
      await atBoundaries(line, workspace, {
        most: 12,
        look: async (instant) => {
          now = instant;
          await clock.fire(workspace);
          expect(await asKept(line, workspace)).toEqual(await fromScratch(line, workspace, { now }));
        },
      });
    }),
    { numRuns: 15 },
  );
}, 180_000);
