import { randomUUID } from 'node:crypto';
import { followAudiences, type Sql } from '@enishi/core';
import { describe, expect, it } from 'vitest';
import { agreed, createAudienceWorld, golden } from './world.ts';

const hanako = { email: 'hanako@shop.example' };
const taro = { email: 'taro@shop.example' };

/** Ten thousand more members of the same audience. */
const crowd = [
  `insert into customer (workspace_id, id, created_at, traits, consents, segments, facts, rules_version)
    select workspace_id, gen_random_uuid(), created_at, traits, consents, segments, facts, rules_version
    from customer, generate_series(1, 10000) where workspace_id = $1`,
  `insert into identity (workspace_id, id, customer_id, namespace, value, created_at)
    select workspace_id, id, id, 'email', id || '@shop.example', created_at from customer where workspace_id = $1 on conflict do nothing`,
  `insert into audience_member (workspace_id, destination_id, audience, customer_id, program_id, program_version, wanted, held, changed_at)
    select m.workspace_id, destination_id, audience, c.id, program_id, program_version, true, true, changed_at
    from audience_member m join customer c using (workspace_id) where workspace_id = $1 on conflict do nothing`,
];

/** By this connection, so far, of the tables that were filled. */
async function rowsRead(sql: Sql): Promise<number> {
  const [row] = await sql<{ rows: number }>(
    `select sum(seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_xact_user_tables where relname in ('audience_member', 'customer', 'identity')`,
  );
  return row?.rows ?? 0;
}

describe("following partners' audiences", () => {
  it('reads the members that a batch is about, not all of the workspace', async () => {
    await using world = await createAudienceWorld();
    const { database, workspace } = world;
    const customerId = await world.tell(hanako, { ...golden, ...agreed });
    for (const others of crowd) await database.query(workspace.id, others, [workspace.id]);
    const read = await database.transaction(workspace.id, async (sql) => {
      const before = await rowsRead(sql);
      await followAudiences(sql, workspace.id, { customerIds: [customerId, randomUUID()], now: world.now() });
      return (await rowsRead(sql)) - before;
    });
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(50);
  });

  it('as a whole waits for nobody whose place is right', async () => {
    await using world = await createAudienceWorld();
    const { database, workspace } = world;
    const [right, wrong] = [await world.tell(hanako, { ...golden, ...agreed }), await world.tell(taro, { ...golden, ...agreed })];
    await world.worker.settle();
    // As an older version of the rules left it.
    await database.query(workspace.id, `update customer set segments = '{}' where workspace_id = $1 and id = $2`, [workspace.id, wrong]);
    await database.transaction(workspace.id, async (claim) => {
      await claim('select from audience_member where workspace_id = $1 and customer_id = $2 for update', [workspace.id, right]);
      await database.transaction(
        workspace.id,
        async (sql) => expect(await followAudiences(sql, workspace.id, { now: world.now() })).toBe(1),
        `begin; set local lock_timeout = '5s'`,
      );
    });
    world.pass(1);
    await world.worker.settle();
    expect(world.partner.people).toEqual([hanako.email]);
  });
});
