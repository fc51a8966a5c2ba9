import type { Subscription } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { createWorld, names } from './world.ts';

interface Size {
  readonly segmentSize: { readonly size: number };
}

/** The line may commit what came together in two transactions, so there may be a size in between. */
async function until(sizes: Subscription<Size>, wanted: number): Promise<void> {
  for (;;) if ((await sizes.next()).segmentSize.size === wanted) return;
}

describe('segmentSize', () => {
  it('tells the size now to each newcomer and then every change to all', async () => {
    await using world = await createWorld();
    const query = 'subscription { segmentSize(segment: "gold") { segment size } }';
    await world.rank('gold', ...names('first', 3));
    const client = world.connect(await world.domain.key('marketer'));
    const early = client.subscribe<Size>(query);
    expect(await early.next()).toEqual({ segmentSize: { segment: 'gold', size: 3 } });
    await world.rank('gold', ...names('second', 4));
    await until(early, 7);
    const late = client.subscribe<Size>(query);
    expect(await late.next()).toEqual({ segmentSize: { segment: 'gold', size: 7 } });
    await world.rank('silver', 'first-0', 'second-0');
    for (const subscription of [early, late]) await until(subscription, 5);
    expect(world.live.counts().executions).toBe(1);
  });
});

describe('customerChanges', () => {
  it('tells what touches one customer, with the customer as it is then', async () => {
    await using world = await createWorld();
    await world.rank('silver', 'ann', 'bob');
    const [ann] = await world.domain.database.query<{ id: string }>(
      world.domain.workspace.id,
      `select customer_id as id from identity where workspace_id = $1 and value = 'ANN'`,
      [world.domain.workspace.id],
    );
    const query =
      'subscription ($id: ID!, $after: String) { customerChanges(id: $id, after: $after) { cursor change customerId cause { kind } customer { traits { key value } } } }';
    const key = await world.domain.key('front-end');
    const changes = world.connect(key).subscribe<{ customerChanges: { cursor: string; change: string } }>(query, { id: ann?.id });
    // Nothing says when a subscription without a cursor has begun but its first item: something happens until that comes.
    let begun = false;
    const first = changes.next().then(() => {
      begun = true;
    });
    while (!begun) await world.rank('silver', 'ann');
    await first;
    await world.rank('gold', 'bob', 'ann');
    let entered = await changes.next();
    while (entered.customerChanges.change !== 'ENTERED') entered = await changes.next();
    const updated = await changes.next();
    expect(entered.customerChanges).toMatchObject({ change: 'ENTERED', customerId: ann?.id, cause: { kind: 'EVENT' } });
    expect(updated.customerChanges).toMatchObject({ change: 'UPDATED', customer: { traits: [{ key: 'rank', value: 'gold' }] } });
    const again = world
      .connect(key)
      .subscribe<{ customerChanges: { change: string } }>(query, { id: ann?.id, after: entered.customerChanges.cursor });
    expect((await again.next()).customerChanges).toMatchObject({ change: 'UPDATED' });
  });
});
