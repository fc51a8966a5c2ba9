import { followAudiences, requestErasure } from '@enishi/core';
import type { Recipient } from '@enishi/plugin-sdk';
import { describe, expect, it } from 'vitest';
import { agreed, createAudienceWorld, golden } from '../audience/world.ts';

const hanako = { email: 'hanako@shop.example' };

describe('somebody who is erased', () => {
  it('is taken out of audiences and forgotten by the partner, who is asked again while it fails', async () => {
    const asked: Recipient[] = [];
    let fails = 2;
    const onErase = async (recipient: Recipient) => {
      asked.push(recipient);
      if (fails-- > 0) throw new Error('busy');
    };
    await using world = await createAudienceWorld({ settings: { onErase } });
    const { database, workspace } = world;
    const customerId = await world.tell(hanako, { ...golden, ...agreed });
    await world.worker.settle();
    expect(world.partner.people).toEqual([hanako.email]);
    world.pass(1);
    await database.transaction(workspace.id, async (sql) => {
      expect(await requestErasure(sql, workspace.id, { customerId, now: world.now() })).toBe(1);
      for (const table of ['identity', 'customer']) await sql(`delete from ${table} where workspace_id = $1`, [workspace.id]);
      await followAudiences(sql, workspace.id, { customerIds: [customerId], now: world.now() });
    });
    for (let round = 0; round < 4; round++, world.pass(3600)) await world.worker.settle();
    expect(world.partner.people).toEqual([]);
    expect(asked).toHaveLength(3);
    expect(asked[2]).toMatchObject({ id: customerId, identifiers: { email: [hanako.email] } });
    const [left] = await database.query(
      workspace.id,
      'select recipient, done_at is not null as done from partner_erasure where workspace_id = $1',
      [workspace.id],
    );
    expect(left).toEqual({ recipient: null, done: true });
  });

  it('is nobody a partner hears of who never knew them', async () => {
    await using world = await createAudienceWorld();
    const customerId = await world.tell(hanako, golden);
    expect(
      await world.database.transaction(world.workspace.id, (sql) =>
        requestErasure(sql, world.workspace.id, { customerId, now: world.now() }),
      ),
    ).toBe(0);
  });
});
