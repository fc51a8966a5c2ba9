import { Clock, compileRule, type Line, parseRule, sqlParameters, type Workspace } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { freshWorkspace, histories, rules, send, shop, today } from './world.ts';

/** Who should be in each segment, asked of the tables alone. */
async function fromScratch(line: Line, workspace: Workspace, now: Date): Promise<Record<string, string[]>> {
  const answers: Record<string, string[]> = {};
  for (const [key, rule] of Object.entries(rules)) {
    const to = sqlParameters(workspace.id, now);
    const text = `select c.id from customer c where c.workspace_id = $1 and $2::timestamptz is not null and (${compileRule(parseRule(rule), to)}) order by c.id`;
    answers[key] = (await line.database.query<{ id: string }>(workspace.id, text, to.values)).map(({ id }) => id);
  }
  return answers;
}

/** Who is in each segment, as kept by the line, in its three places: the intervals, the customers, and the size. */
async function asKept(line: Line, workspace: Workspace): Promise<Record<string, string[]>> {
  const rows = await line.database.query<{ key: string; size: number; open: string[]; listed: string[] }>(
    workspace.id,
    `select s.key, s.size,
       array(select m.customer_id from membership m where m.workspace_id = $1 and m.segment_id = s.id and m.left_at is null order by 1) as open,
       array(select c.id from customer c where c.workspace_id = $1 and s.id = any(c.segments) order by 1) as listed
     from segment s where s.workspace_id = $1`,
    [workspace.id],
  );
  return Object.fromEntries(
    rows.map(({ key, size, open, listed }) => {
      expect(listed).toEqual(open);
      expect(size).toBe(open.length);
      return [key, open];
    }),
  );
}

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
        expect(await asKept(line, workspace)).toEqual(await fromScratch(line, workspace, now));
      }
      for (let boundary = 0; boundary < 12; boundary += 1) {
        const [next] = await line.database.query<{ due_at: Date }>(
          workspace.id,
          'select due_at from timer where workspace_id = $1 order by 1 limit 1',
          [workspace.id],
        );
        if (next === undefined) break;
        for (const instant of [next.due_at.getTime() - 1, next.due_at.getTime()]) {
          now = new Date(instant);
          await clock.fire(workspace);
          expect(await asKept(line, workspace)).toEqual(await fromScratch(line, workspace, now));
        }
      }
    }),
    { numRuns: 15 },
  );
}, 180_000);
