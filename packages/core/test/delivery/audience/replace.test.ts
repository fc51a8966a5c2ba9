import { syncAudience } from '@enishi/core';
import type { Recipient } from '@enishi/plugin-sdk';
import { describe, expect, it } from 'vitest';
import { type Apply, gate } from '../world.ts';
import { agreed, createAudienceWorld, golden, Partner, withdrawn } from './world.ts';

const hanako = { email: 'hanako@shop.example' };
const taro = { email: 'taro@shop.example' };

type Replace = (audience: { list: string }, everybody: AsyncIterable<Recipient>) => Promise<void>;

/** A partner who takes a whole list at once, and only when told that it may. */
class Replacing extends Partner {
  readonly gathered = gate();
  readonly mayEnd = Promise.withResolvers<void>();
  begun = 0;

  readonly replace: Replace = async ({ list }, everybody) => {
    this.begun += 1;
    const people = new Set<string>();
    for await (const { identifiers } of everybody) for (const email of identifiers.email ?? []) people.add(email);
    this.gathered.reached();
    await this.mayEnd.promise;
    this.inside.set(list, people);
  };
}

async function createReplacingWorld({ apply, settings = {} }: { apply?: Apply; settings?: object } = {}) {
  const partner = new Replacing();
  const world = await createAudienceWorld({ apply: apply ?? partner.apply, settings: { replace: partner.replace, ...settings } });
  const { database, destinations, desks, workspace } = world;
  const sync = (program = 'golden') => syncAudience({ database, destinations, desks }, workspace, { program, now: world.now });
  return Object.assign(world, { partner, sync });
}

describe("replacing a partner's audience", () => {
  it('undoes no change that was made meanwhile', async () => {
    await using world = await createReplacingWorld();
    await world.tell(hanako, { ...golden, ...agreed });
    await world.worker.settle();
    const synced = world.sync();
    await world.partner.gathered.passed;
    world.pass(1);
    await world.tell(hanako, withdrawn);
    await world.tell(taro, { ...golden, ...agreed });
    await world.worker.settle();
    world.partner.mayEnd.resolve();
    expect(await synced).toBe(1);
    await world.worker.settle();
    expect(world.partner.people).toEqual([taro.email]);
    expect(world.partner.calls.map(({ operation }) => operation).sort()).toEqual(['ADD', 'ADD', 'REMOVE']);
  });

  it('wakes a running worker for what was planned meanwhile', async () => {
    const removed = gate(2);
    await using world = await createReplacingWorld({
      apply: async (changes) => {
        removed.reached();
        return changes.map(() => ({ status: 'delivered' }));
      },
    });
    await world.worker.start();
    await world.tell(hanako, { ...golden, ...agreed });
    await expect.poll(world.plans).toEqual(['ENTERED DELIVERED']);
    const synced = world.sync();
    await world.partner.gathered.passed;
    world.pass(1);
    await world.tell(hanako, withdrawn);
    world.partner.mayEnd.resolve();
    await synced;
    await removed.passed;
  });

  it('begins when the calls under way have ended', async () => {
    const adding = gate();
    const answer = Promise.withResolvers<void>();
    let answered = false;
    await using world = await createReplacingWorld({
      apply: async (changes) => {
        adding.reached();
        await answer.promise;
        answered = true;
        return changes.map(() => ({ status: 'delivered' }));
      },
      settings: { replace: async () => expect(answered).toBe(true) },
    });
    await world.tell(hanako, { ...golden, ...agreed });
    const settled = world.worker.settle();
    await adding.passed;
    const synced = world.sync();
    await expect.poll(() => replacements(world)).toHaveLength(1);
    await world.tell(taro, { ...golden, ...agreed });
    answer.resolve();
    await synced;
    await settled;
  });

  it('is done by one at a time, and holds up no other audience of the destination', async () => {
    await using world = await createReplacingWorld();
    await world.program({ key: 'other', message: { list: 'other' } });
    const synced = world.sync();
    await world.partner.gathered.passed;
    await expect(world.sync()).rejects.toThrow('it is being replaced already');
    await world.tell(hanako, { ...golden, ...agreed });
    await world.worker.settle();
    expect([...world.partner.inside]).toEqual([['other', new Set([hanako.email])]]);
    world.partner.mayEnd.resolve();
    await synced;
    expect(world.partner.begun).toBe(1);
    await world.worker.settle();
    expect([...(world.partner.inside.get('gold') ?? [])]).toEqual([hanako.email]);
  });

  it('holds nothing up for long when its process dies', async () => {
    await using world = await createReplacingWorld();
    await world.tell(hanako, { ...golden, ...agreed });
    await world.database.query(
      world.workspace.id,
      `insert into audience_replacement select workspace_id, destination_id, audience, gen_random_uuid(), $2 from audience_member where workspace_id = $1`,
      [world.workspace.id, new Date(world.now().getTime() + 120_000)],
    );
    await world.worker.settle();
    expect(world.partner.people).toEqual([]);
    world.pass(121);
    await world.worker.settle();
    expect(world.partner.people).toEqual([hanako.email]);
  });

  it('that fails leaves the changes to be sent one by one', async () => {
    await using world = await createReplacingWorld({ settings: { replace: () => Promise.reject(new Error('no room')) } });
    await world.tell(hanako, { ...golden, ...agreed });
    await expect(world.sync()).rejects.toThrow('no room');
    expect(await replacements(world)).toEqual([]);
    await world.worker.settle();
    expect(world.partner.people).toEqual([hanako.email]);
  });
});

const replacements = ({ database, workspace }: Awaited<ReturnType<typeof createReplacingWorld>>): Promise<object[]> =>
  database.query(workspace.id, 'select by from audience_replacement where workspace_id = $1', [workspace.id]);
