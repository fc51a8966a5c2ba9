import { describe, expect, it } from 'vitest';
import { type Change, createWorld, hear, init, names, open, say, segmentChanges, told } from './world.ts';

interface Next {
  readonly id: string;
  readonly type: string;
  readonly payload: {
    readonly data: Change | null;
    readonly errors?: readonly { readonly extensions: { readonly code: string; readonly cursor: string } }[];
  };
}

/** So many that what one batch means for this socket is more than the kernel takes for it. */
const ids = names('operation', 80);

describe('a slow client', () => {
  it('is told where to resume and misses nothing, while others are served', async () => {
    await using world = await createWorld({ sockets: { buffered: 20_000 } });
    const key = await world.domain.key('marketer');
    const slow = await open(world);
    say(slow, init(key));
    await hear(slow);
    for (const id of ids) {
      say(slow, { type: 'subscribe', id, payload: { query: segmentChanges, variables: { heartbeats: true } } });
      await hear(slow);
    }
    await expect.poll(() => world.live.counts()).toMatchObject({ subscriptions: ids.length, catchingUp: 0 });
    slow.pause();

    const quick = world.connect(key).subscribe<Change>(segmentChanges, { heartbeats: true });
    await quick.next();
    const all: string[] = [];
    for (let round = 0; world.live.counts().resumed < ids.length; round++) {
      await world.rank('gold', ...names(`round${round}`, 300));
      all.push(...(await quick.take(300)).map(told));
    }

    const got = new Map(ids.map((id): [string, string[]] => [id, []]));
    const cursors = new Map<string, string>();
    const allTold = Promise.withResolvers<void>();
    slow.on('message', (data) => {
      const { id, type, payload }: Next = JSON.parse(String(data));
      if (type !== 'next') return;
      if (payload.data) got.get(id)?.push(told(payload.data));
      const [error] = payload.errors ?? [];
      if (error) expect(error.extensions.code).toBe('RESUME');
      if (error) cursors.set(id, error.extensions.cursor);
      if (cursors.size === ids.length) allTold.resolve();
    });
    slow.resume();
    await allTold.promise;
    const [first = ''] = ids;
    const rest = world.connect(key).subscribe<Change>(segmentChanges, { after: cursors.get(first) });
    const missed = (await rest.take(all.length - (got.get(first)?.length ?? 0))).map(told);
    expect([...(got.get(first) ?? []), ...missed]).toEqual(all);
    slow.terminate();
  });

  it('catches up at its own pace: a page is sent when the one before has left', async () => {
    await using world = await createWorld({ sockets: { buffered: 2_000 }, feed: { page: 50 } });
    await world.rank('gold', ...names('member', 600));
    const client = world.connect(await world.domain.key('marketer'));
    const members = await client.subscribe<Change>(segmentChanges, { snapshot: true }).take(600);
    expect(new Set(members.map(told)).size).toBe(600);
    expect(world.live.counts().resumed).toBe(0);
  });
});
