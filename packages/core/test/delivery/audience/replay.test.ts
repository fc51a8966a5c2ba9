import { listDeliveries, replayDeliveries } from '@enishi/core';
import type { Outcome } from '@enishi/plugin-sdk';
import { describe, expect, it } from 'vitest';
import type { Apply } from '../world.ts';
import { agreed, createAudienceWorld, golden, Partner, silver, withdrawn } from './world.ts';

const hanako = { email: 'hanako@shop.example' };

/** A partner who refuses for good while told to. */
class Refusing extends Partner {
  refuses = false;
  readonly answer: Apply = async (changes, desk) =>
    this.refuses ? changes.map((): Outcome => ({ status: 'rejected', reason: 'not now' })) : this.apply(changes, desk);
}

async function createRefusingWorld() {
  const partner = new Refusing();
  const world = await createAudienceWorld({ apply: partner.answer });
  return Object.assign(world, {
    partner,
    /** She does this, and the partner hears of it or refuses to. */
    async happens(more: object, refuses = false) {
      world.pass(1);
      partner.refuses = refuses;
      await world.tell(hanako, more);
      await world.worker.settle();
      partner.refuses = false;
    },
    replay: (statuses?: readonly ('DEAD' | 'SUPPRESSED')[]) =>
      replayDeliveries(world.database, world.workspace.id, { ...(statuses && { statuses }), now: world.now() }),
  });
}

describe("replaying changes of a partner's audience", () => {
  it('does not take out somebody who has come back since', async () => {
    await using world = await createRefusingWorld();
    await world.happens({ ...golden, ...agreed });
    await world.happens(silver, true);
    await world.happens(golden);
    expect(world.partner.people).toEqual([hanako.email]);
    expect(await world.replay()).toBe(0);
    await world.worker.settle();
    expect(world.partner.people).toEqual([hanako.email]);
    await world.happens(withdrawn);
    expect(world.partner.people).toEqual([]);
  });

  it('takes out whoever the partner should still let go', async () => {
    await using world = await createRefusingWorld();
    await world.happens({ ...golden, ...agreed });
    await world.happens(withdrawn, true);
    expect(world.partner.people).toEqual([hanako.email]);
    expect(await world.replay()).toBe(1);
    await world.worker.settle();
    expect(world.partner.people).toEqual([]);
    expect(await world.replay()).toBe(0);
  });

  it('lets in whoever still belongs in, and nobody else', async () => {
    await using world = await createRefusingWorld();
    await world.happens({ ...golden, ...agreed }, true);
    expect(await world.replay()).toBe(1);
    await world.worker.settle();
    expect(world.partner.people).toEqual([hanako.email]);

    await world.happens(silver);
    await world.happens(golden, true);
    await world.happens(silver);
    expect(await world.replay(['DEAD', 'SUPPRESSED'])).toBe(0);
    expect((await listDeliveries(world.database, world.workspace.id, { statuses: ['PENDING'] })).deliveries).toEqual([]);
  });

  it('waits for whoever is just deciding about them, so that the newest decision is sent last', async () => {
    await using world = await createRefusingWorld();
    await world.happens({ ...golden, ...agreed });
    await world.happens(silver, true);
    const decided = Promise.withResolvers<void>();
    const holding = Promise.withResolvers<void>();
    const comesBack = world.database.transaction(world.workspace.id, async (sql) => {
      await sql('update audience_member set wanted = true where workspace_id = $1', [world.workspace.id]);
      holding.resolve();
      await decided.promise;
    });
    await holding.promise;
    const replayed = world.replay();
    const waiting =
      'select l.pid from pg_locks l join pg_stat_activity a using (pid) where a.datname = current_database() and not l.granted';
    try {
      await expect.poll(() => world.database.query(world.workspace.id, waiting)).toHaveLength(1);
    } finally {
      decided.resolve();
      await comesBack;
    }
    expect(await replayed).toBe(0);
  });
});
