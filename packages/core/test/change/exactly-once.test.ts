import { createWorkspace, type Database, encodeCursor, followTransitions, type Transition, type Workspace } from '@enishi/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commit, createSegment, createWorld, customers, dropListeners, type Move, type World } from './world.ts';

interface Plan {
  /** Per writer, the transactions it commits one after the other; per transaction, which of its own customers move. */
  readonly writers: readonly (readonly (readonly number[])[])[];
  /** Per reader, after how many pages it loses its connection each time, and whether it began with a snapshot. */
  readonly readers: readonly { readonly snapshot: boolean; readonly patience: readonly number[] }[];
  readonly drop: boolean;
}

const owned = 6;
const plans: fc.Arbitrary<Plan> = fc.record({
  writers: fc.array(fc.array(fc.uniqueArray(fc.nat(owned - 1), { minLength: 1 }), { minLength: 1, maxLength: 8 }), {
    minLength: 1,
    maxLength: 4,
  }),
  readers: fc.array(fc.record({ snapshot: fc.boolean(), patience: fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
  drop: fc.boolean(),
});

describe('a subscriber that reconnects with its cursor (I7)', () => {
  it('sees every transition exactly once and in order, whatever commits meanwhile', async () => {
    // A small ring and small pages, so that readers fall out of memory and back into it; looks are frequent because
    // the listening line is cut and takes a second to come back.
    await using world = await createWorld({ ring: 8, page: 3, sweep: 25 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const workspace = await createWorkspace(world.url, { key: `run-${run++}`, name: 'Run' });
        await play(world, workspace, plan);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

/** Enters last of all and has the greatest id: who was told of it has been told everything. */
const sentinel = 'ffffffff-ffff-4fff-bfff-ffffffffffff';

async function play(world: World, workspace: Workspace, plan: Plan): Promise<void> {
  const { database } = world;
  const segments = [await createSegment(database, workspace, 'vip'), await createSegment(database, workspace, 'other')];
  const [segmentId = 0] = segments;
  const reading = Promise.all(plan.readers.map((reader) => read(world, workspace, reader)));
  const writing = plan.writers.map((transactions) => write(database, { workspace, segments }, transactions));
  if (plan.drop) await dropListeners(world);
  await Promise.all(writing);
  await commit(database, workspace.id, [{ segmentId, customerId: sentinel, change: 'ENTERED' }]);

  const log = await database.query<{ told: string }>(
    workspace.id,
    `select seq || ' ' || kind || ' ' || customer_id as told from change where workspace_id = $1 and segment_id = $2 order by seq`,
    [workspace.id, segmentId],
  );
  const members = await database.query<{ id: string }>(
    workspace.id,
    'select customer_id as id from membership where workspace_id = $1 and segment_id = $2 and left_at is null order by 1',
    [workspace.id, segmentId],
  );
  for (const [index, seen] of (await reading).entries()) {
    expect(fold(seen)).toEqual(members.map(({ id }) => id));
    if (plan.readers[index]?.snapshot) continue;
    expect(seen.map(({ seq, change, customerId }) => `${seq} ${change} ${customerId}`)).toEqual(log.map(({ told }) => told));
  }
}

interface Scene {
  readonly workspace: Workspace;
  readonly segments: readonly number[];
}

/** Each writer moves customers of its own in and out, also of a segment nobody follows. */
async function write(database: Database, { workspace, segments }: Scene, transactions: Plan['writers'][number]): Promise<void> {
  const own = customers(owned);
  const inside = new Set<string>();
  for (const indexes of transactions) {
    const moves = indexes.flatMap((index): Move[] => {
      const customerId = own[index] ?? '';
      const change = inside.has(customerId) ? 'LEFT' : 'ENTERED';
      if (!inside.delete(customerId)) inside.add(customerId);
      return segments.map((segmentId) => ({ segmentId, customerId, change }));
    });
    await commit(database, workspace.id, moves);
  }
}

/** Reads to the end, losing its connection again and again amid a page, and going on from the last cursor it used. */
async function read({ feed }: World, workspace: Workspace, { snapshot, patience }: Plan['readers'][number]): Promise<Transition[]> {
  const seen: Transition[] = [];
  let after = snapshot ? undefined : encodeCursor(workspace, { seq: 0 });
  for (let connection = 0; seen.at(-1)?.customerId !== sentinel; connection++) {
    const pages = await followTransitions(feed, workspace, { segment: 'vip', ...(after === undefined ? { snapshot: true } : { after }) });
    let left = patience[connection] ?? Number.POSITIVE_INFINITY;
    for await (const page of pages) {
      const used = left > 0 ? page : page.slice(0, Math.ceil(page.length / 2));
      for (const transition of used) {
        seen.push(transition);
        after = encodeCursor(workspace, transition.place);
      }
      if (left <= 0 || seen.at(-1)?.customerId === sentinel) break;
      left -= 1;
    }
  }
  return seen;
}

/** The members one gets by believing what was told. Being told something twice or in the wrong order shows on the way. */
function fold(seen: readonly Transition[]): string[] {
  const members = new Set<string>();
  for (const { change, customerId } of seen) {
    expect(members.has(customerId)).toBe(change === 'LEFT');
    if (change === 'ENTERED') members.add(customerId);
    else members.delete(customerId);
  }
  return [...members].sort();
}
