import { encodeCursor, followSize, followTransitions, InvalidCursor, type Pages, SegmentNotFound } from '@enishi/core';
import { describe, expect, it } from 'vitest';
import { commit, createSegment, createWorld, customers, dropListeners } from './world.ts';

/** The next `count` items, however they are divided into pages. */
async function take<TItem>(pages: Pages<TItem>, count: number): Promise<TItem[]> {
  const items: TItem[] = [];
  while (items.length < count) {
    const page = await pages.next();
    if (page.done) break;
    items.push(...page.value);
  }
  return items;
}

describe('Feed', () => {
  it('loses nothing when the listening line is cut', async () => {
    // No look without a notification within the test: only the reconnection itself can bring what was missed.
    await using world = await createWorld({ sweep: 3_600_000 });
    const { database, workspace, feed } = world;
    const segmentId = await createSegment(database, workspace, 'vip');
    const pages = await followTransitions(feed, workspace, { segment: 'vip' });
    const [first = '', second = ''] = customers(2);
    await commit(database, workspace.id, [{ segmentId, customerId: first, change: 'ENTERED' }]);
    expect(await take(pages, 1)).toMatchObject([{ customerId: first, change: 'ENTERED', segmentKey: 'vip', cause: { kind: 'EVENT' } }]);
    expect(await dropListeners(world)).toBe(1);
    await commit(database, workspace.id, [{ segmentId, customerId: second, change: 'ENTERED' }]);
    expect(await take(pages, 1)).toMatchObject([{ customerId: second }]);
  });

  it('keeps nothing for a consumer that does not ask: it reads on from the table', async () => {
    await using world = await createWorld({ ring: 10, page: 4 });
    const { database, workspace, feed } = world;
    const segmentId = await createSegment(database, workspace, 'vip');
    const slow = await followTransitions(feed, workspace, { segment: 'vip' });
    const quick = await followTransitions(feed, workspace, { segment: 'vip' });
    const ids = customers(200);
    for (let at = 0; at < ids.length; at += 20) {
      const moves = ids.slice(at, at + 20).map((customerId) => ({ segmentId, customerId, change: 'ENTERED' as const }));
      await commit(database, workspace.id, moves);
      expect((await take(quick, 20)).map(({ customerId }) => customerId)).toEqual(ids.slice(at, at + 20));
    }
    expect((await take(slow, 200)).map(({ customerId }) => customerId)).toEqual(ids);
  });

  it('ends a consumer that waits when it leaves and when the feed stops', async () => {
    await using world = await createWorld();
    await createSegment(world.database, world.workspace, 'vip');
    const [leaver, stayer] = await Promise.all([
      followTransitions(world.feed, world.workspace, { segment: 'vip' }),
      followTransitions(world.feed, world.workspace, { segment: 'vip' }),
    ]);
    const waiting = [leaver.next(), stayer.next()];
    await leaver.return();
    expect(await waiting[0]).toEqual({ done: true, value: undefined });
    await world.feed.stop();
    expect(await waiting[1]).toEqual({ done: true, value: undefined });
  });

  it('refuses a segment that is not there, a cursor of the future and one of another segment’s snapshot', async () => {
    await using world = await createWorld();
    const { database, workspace, feed } = world;
    const [vip, other] = [await createSegment(database, workspace, 'vip'), await createSegment(database, workspace, 'other')];
    await expect(followTransitions(feed, workspace, { segment: 'nobody' })).rejects.toThrow(SegmentNotFound);
    const future = encodeCursor(workspace, { seq: 1_000 });
    await expect(followTransitions(feed, workspace, { segment: 'vip', after: future })).rejects.toThrow(InvalidCursor);
    const [customerId = ''] = customers(1);
    const foreign = encodeCursor(workspace, { seq: 0, snapshot: { segmentId: other, customerId } });
    await expect(followTransitions(feed, workspace, { segment: 'vip', after: foreign })).rejects.toThrow(InvalidCursor);
    expect(vip).not.toBe(other);
  });

  it('says how many are in a segment, then again when that changes', async () => {
    await using world = await createWorld();
    const { database, workspace, feed } = world;
    const segmentId = await createSegment(database, workspace, 'vip');
    const ids = customers(5);
    const move = (change: 'ENTERED' | 'LEFT', from: number, to: number) =>
      commit(
        database,
        workspace.id,
        ids.slice(from, to).map((customerId) => ({ segmentId, customerId, change })),
      );
    await move('ENTERED', 0, 3);
    const sizes = await followSize(feed, workspace, 'vip');
    expect(await take(sizes, 1)).toMatchObject([{ size: 3 }]);
    await move('ENTERED', 3, 5);
    expect(await take(sizes, 1)).toMatchObject([{ size: 5 }]);
    await move('LEFT', 0, 4);
    expect(await take(sizes, 1)).toMatchObject([{ size: 1 }]);
  });
});
