import { encodeCursor, headOf } from '@enishi/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Change, createWorld, dropListeners, segmentChanges, type World } from './world.ts';

interface Plan {
  /** Batches of the line, one after the other: who of ten is moved in or out. */
  readonly batches: readonly (readonly number[])[];
  /** Per client, after how many items it loses its connection each time. */
  readonly clients: readonly (readonly number[])[];
  readonly drop: boolean;
}

const plans: fc.Arbitrary<Plan> = fc.record({
  batches: fc.array(fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 }),
  clients: fc.array(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 5 }), { minLength: 1, maxLength: 4 }),
  drop: fc.boolean(),
});

describe('between catching up and sharing', () => {
  it('nothing is lost and nothing is told twice, wherever clients come in and whenever they go', async () => {
    // Hardly any memory anywhere, so that every way to the head is taken: from the ring, from the table, from what a group remembers.
    await using world = await createWorld({ sockets: { memory: 700, buffered: 4_000 }, feed: { ring: 6, page: 3, sweep: 25 } });
    const key = await world.domain.key('marketer');
    let run = 0;
    await fc.assert(
      fc.asyncProperty(plans, (plan) => play(world, { ...plan, key, run: `run${run++}` })),
      { numRuns: 20 },
    );
    expect(world.failures.filter((failure) => !String(failure).includes('terminating connection'))).toEqual([]);
  }, 120_000);
});

async function play(
  world: World,
  { batches, clients, drop, key, run }: Plan & { readonly key: string; readonly run: string },
): Promise<void> {
  const { database, workspace } = world.domain;
  const start = await headOf(database, workspace.id);
  const after = encodeCursor(workspace, { seq: start });
  const reading = Promise.all(clients.map((patience) => read(world, { key, after, patience, last: `ENTERED ${run.toUpperCase()}XLAST` })));
  const inside = new Set<number>();
  for (const batch of batches) {
    const [leaving, entering] = [batch.filter((who) => inside.has(who)), batch.filter((who) => !inside.has(who))];
    if (leaving.length > 0) await world.rank('silver', ...leaving.map((who) => `${run}x${who}`));
    if (entering.length > 0) await world.rank('gold', ...entering.map((who) => `${run}x${who}`));
    for (const who of batch) if (!inside.delete(who)) inside.add(who);
    if (drop && batch === batches[0]) await dropListeners(world);
  }
  await world.rank('gold', `${run}xlast`);
  const log = await database.query<{ told: string }>(
    workspace.id,
    `select c.kind || ' ' || i.value as told from change c join identity i on i.workspace_id = $1 and i.id = c.customer_id
     where c.workspace_id = $1 and c.seq > $2 and c.kind in ('ENTERED', 'LEFT') order by c.seq`,
    [workspace.id, start],
  );
  for (const seen of await reading) expect(seen).toEqual(log.map(({ told }) => told));
}

interface Reading {
  readonly key: string;
  readonly after: string;
  readonly patience: readonly number[];
  readonly last: string;
}

/** Follows the segment until `last`, losing its connection again and again. */
async function read(world: World, { key, after: start, patience, last }: Reading): Promise<string[]> {
  const seen: string[] = [];
  let after = start;
  for (let connection = 0; seen.at(-1) !== last; connection++) {
    const client = world.connect(key);
    const changes = client.subscribe<Change>(segmentChanges, { after, heartbeats: connection % 2 === 1 });
    let left = patience[connection] ?? Number.POSITIVE_INFINITY;
    while (left > 0 && seen.at(-1) !== last) {
      const answer = await changes.next().then(
        ({ segmentChanges: change }) => change,
        (error: unknown) => resumeAt(error),
      );
      if (typeof answer === 'string') {
        after = answer;
        break;
      }
      after = answer.cursor;
      if (answer.change === 'CURRENT') continue;
      seen.push(`${answer.change} ${answer.customer?.identities[0]?.value}`);
      left -= 1;
    }
    await client.dispose();
  }
  return seen;
}

function resumeAt(error: unknown): string {
  const [first] = error instanceof AggregateError ? error.errors : [];
  if (first?.extensions?.code !== 'RESUME') throw error;
  return first.extensions.cursor;
}
