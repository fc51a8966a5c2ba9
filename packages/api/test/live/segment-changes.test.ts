import { encodeCursor } from '@enishi/core';
import { describe, expect, it } from 'vitest';
import { type Change, createWorld, dropListeners, names, segmentChanges, told } from './world.ts';

describe('segmentChanges', () => {
  it('tells who enters and who leaves, why, and who they are', async () => {
    await using world = await createWorld();
    const gold = world.connect(await world.domain.key('marketer')).subscribe<Change>(segmentChanges, { heartbeats: true });
    expect(told(await gold.next())).toBe('CURRENT -');
    await world.rank('gold', 'ann');
    await world.rank('silver', 'ann');
    const [entered, left] = (await gold.take(2)).map(({ segmentChanges: change }) => change);
    expect(entered).toMatchObject({
      change: 'ENTERED',
      cause: { kind: 'EVENT', type: 'enishi.identified' },
      customer: { identities: [{ value: 'ANN' }] },
    });
    expect(left).toMatchObject({ change: 'LEFT', customerId: entered?.customerId, customer: { id: entered?.customerId } });
    expect(world.failures).toEqual([]);
  });

  it('goes on behind a cursor: what happened meanwhile, once each and in order, then what happens', async () => {
    await using world = await createWorld();
    const key = await world.domain.key('marketer');
    const first = world.connect(key);
    const before = first.subscribe<Change>(segmentChanges, { heartbeats: true });
    await before.next();
    await world.rank('gold', 'ann');
    await world.rank('gold', 'bob');
    const [ann] = await before.take(2);
    await first.dispose();
    await world.rank('gold', 'cid');
    await world.rank('silver', 'ann');
    const after = world.connect(key).subscribe<Change>(segmentChanges, { after: ann?.segmentChanges.cursor });
    expect((await after.take(3)).map(told)).toEqual(['ENTERED bob', 'ENTERED cid', 'LEFT ann']);
    await world.rank('gold', 'dan');
    expect(told(await after.next())).toBe('ENTERED dan');
  });

  it('shows who is in the segment first, then goes on without a gap, also when it broke off amid that', async () => {
    await using world = await createWorld();
    const key = await world.domain.key('marketer');
    await world.rank('gold', ...names('member', 5));
    const first = world.connect(key);
    const shown = await first.subscribe<Change>(segmentChanges, { snapshot: true }).take(3);
    await first.dispose();
    const known = shown.map(({ segmentChanges: { customerId } }) => customerId);
    await world.rank('silver', shown[0]?.segmentChanges.customer?.identities[0]?.value ?? '');
    await world.rank('gold', 'late');
    const rest = world.connect(key).subscribe<Change>(segmentChanges, { after: shown[2]?.segmentChanges.cursor, heartbeats: true });
    const members = new Set(known);
    for (;;) {
      const { change, customerId } = (await rest.next()).segmentChanges;
      if (change === 'CURRENT') break;
      expect(members.has(customerId)).toBe(change === 'LEFT');
      if (change === 'LEFT') members.delete(customerId);
      else members.add(customerId);
    }
    const [{ count } = { count: 0 }] = await world.domain.database.query<{ count: number }>(
      world.domain.workspace.id,
      'select count(*) from membership where workspace_id = $1 and left_at is null and customer_id = any($2)',
      [world.domain.workspace.id, [...members]],
    );
    expect([count, members.size]).toEqual([5, 5]);
    await world.rank('silver', 'late');
    expect(told(await rest.next())).toBe('LEFT late');
  });

  it('loses nothing when the line to PostgreSQL is cut', async () => {
    await using world = await createWorld({ feed: { sweep: 3_600_000 } });
    const gold = world.connect(await world.domain.key('marketer')).subscribe<Change>(segmentChanges, { heartbeats: true });
    await gold.next();
    await world.rank('gold', 'ann');
    expect(told(await gold.next())).toBe('ENTERED ann');
    expect(await dropListeners(world)).toBe(1);
    await world.rank('gold', 'bob');
    await world.rank('silver', 'ann');
    expect((await gold.take(2)).map(told)).toEqual(['ENTERED bob', 'LEFT ann']);
  });

  it('is executed once for all who ask the same with the same rights, wherever they began', async () => {
    await using world = await createWorld();
    const keys = [await world.domain.key('marketer'), await world.domain.key('marketer'), await world.domain.key('bi')];
    const start = encodeCursor(world.domain.workspace, { seq: 0 });
    const all = [{}, { snapshot: true }, { after: start }].flatMap((variables) =>
      keys.map((key) => world.connect(key).subscribe<Change>(segmentChanges, { ...variables, heartbeats: true })),
    );
    for (const subscription of all) expect(told(await subscription.next())).toBe('CURRENT -');
    await expect.poll(() => world.live.counts()).toMatchObject({ sockets: 9, subscriptions: 9, executions: 2, catchingUp: 0 });
    world.reads.length = 0;
    await world.rank('gold', 'ann', 'bob', 'cid');
    for (const subscription of all)
      expect((await subscription.take(3)).map(told).sort()).toEqual(['ENTERED ann', 'ENTERED bob', 'ENTERED cid']);
    // The line may have committed them in two transactions.
    expect(world.reads.length).toBeLessThanOrEqual(4);
  });

  it('sends heartbeats to whoever asked for them, with the cursor that everything before has been sent', async () => {
    await using world = await createWorld({ sockets: { heartbeat: 20 } });
    const key = await world.domain.key('marketer');
    const quiet = world.connect(key).subscribe<Change>(segmentChanges, { heartbeats: true });
    const [, second, third] = await quiet.take(3);
    expect([second, third].map((item) => item && told(item))).toEqual(['CURRENT -', 'CURRENT -']);
    await quiet.stop();
    await world.rank('gold', 'ann');
    const again = world.connect(key).subscribe<Change>(segmentChanges, { after: third?.segmentChanges.cursor });
    expect(told(await again.next())).toBe('ENTERED ann');
  });
});
