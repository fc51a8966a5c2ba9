import { listDeliveries, saveSegment } from '@enishi/core';
import type { Outcome } from '@enishi/plugin-sdk';
import { describe, expect, it } from 'vitest';
import type { Apply } from '../world.ts';
import { agreed, createAudienceWorld, golden, Partner, silver } from './world.ts';

const sixHours = 6 * 3600;
const named = (name: string) => ({ email: `${name}@shop.example` });

/** A partner who lets nobody go until a day that nobody knows. */
class Slow extends Partner {
  letsGo = false;
  readonly answer: Apply = async (changes, desk) => {
    if (this.letsGo || changes[0]?.operation === 'ADD') return this.apply(changes, desk);
    return changes.map((): Outcome => ({ status: 'waiting', reason: 'not made anew yet', afterSeconds: sixHours }));
  };
}

async function createSlowWorld() {
  const partner = new Slow();
  const world = await createAudienceWorld({ apply: partner.answer });
  return Object.assign(world, { partner });
}

describe('a change that waits for something else', () => {
  it('holds up nobody, however many wait', async () => {
    await using world = await createSlowWorld();
    const many = Array.from({ length: 12 }, (_, place) => named(`person${place}`));
    for (const person of many) await world.tell(person, { ...golden, ...agreed });
    await world.worker.settle();
    world.pass(1);
    for (const person of many) await world.tell(person, silver);
    await world.worker.settle();
    await world.tell(named('hanako'), { ...golden, ...agreed });
    await world.worker.settle();
    expect(world.partner.people).toContain(named('hanako').email);
  });

  it('waits for as long as it takes and says why, then goes through', async () => {
    await using world = await createSlowWorld();
    await world.tell(named('hanako'), { ...golden, ...agreed });
    await world.worker.settle();
    world.pass(1);
    await world.tell(named('hanako'), silver);
    for (let asked = 0; asked < 30; asked++) {
      await world.worker.settle();
      world.pass(sixHours);
    }
    const { deliveries } = await listDeliveries(world.database, world.workspace.id, { statuses: ['PENDING'] });
    expect(deliveries).toMatchObject([{ operation: 'REMOVE', attempts: 30, reason: 'not made anew yet' }]);
    world.partner.letsGo = true;
    await world.worker.settle();
    expect(world.partner.people).toEqual([]);
  });

  it('keeps the same person out of no other audience', async () => {
    await using world = await createSlowWorld();
    await world.tell(named('hanako'), { ...golden, ...agreed });
    await world.worker.settle();
    world.pass(1);
    await world.tell(named('hanako'), silver);
    await world.worker.settle();
    await saveSegment(world.line, world.workspace, { key: 'silver', name: 'Silver', rule: { trait: 'rank', is: 'silver' } });
    await world.program({ key: 'other', segment: 'silver', message: { list: 'other' } });
    await world.worker.settle();
    expect([...(world.partner.inside.get('other') ?? [])]).toEqual([named('hanako').email]);
  });

  it('is asked again after a minute at least, whatever the destination says', async () => {
    let asked = 0;
    await using world = await createAudienceWorld({
      apply: async (changes) => {
        asked += 1;
        return changes.map(() => ({ status: 'waiting', reason: 'soon', afterSeconds: 0 }));
      },
    });
    await world.tell(named('hanako'), { ...golden, ...agreed });
    await world.worker.settle();
    world.pass(59);
    await world.worker.settle();
    expect(asked).toBe(1);
    world.pass(1);
    await world.worker.settle();
    expect(asked).toBe(2);
  });
});
