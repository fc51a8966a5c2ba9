import { setTimeout as pause } from 'node:timers/promises';
import { createWorkspace, Database, DeliveryWorker, Desks, type Destinations, planDeliveries, Registry, saveProgram } from '@enishi/core';
import { type Destination, definePlugin, destination, type MessageSpec } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { ownerClient } from './copy.ts';

/** Calls a partner accepted, by idempotency key. */
export class Accepted {
  readonly keys = new Map<string, number>();
  #waiting: { readonly left: number; readonly done: () => void } | undefined;
  #count = 0;

  take(key: string): void {
    this.keys.set(key, (this.keys.get(key) ?? 0) + 1);
    this.#count += 1;
    if (this.#waiting !== undefined && this.#count >= this.#waiting.left) this.#waiting.done();
  }

  /** Resolves when so many calls have been accepted since the last time this was asked. */
  async next(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting = { left: count, done: resolve };
    if (this.#count >= count) resolve();
    await promise;
    this.#count -= count;
    this.#waiting = undefined;
  }

  /** Throws unless every key was accepted exactly once. */
  requireOnce(expected: number): void {
    const twice = [...this.keys].filter(([, count]) => count !== 1);
    if (twice.length > 0) throw new Error(`${twice.length} idempotency keys were accepted more than once`);
    if (this.keys.size !== expected) throw new Error(`${this.keys.size} idempotency keys accepted, ${expected} expected`);
  }
}

type Spec = Omit<MessageSpec<{ text: string }>, 'description' | 'purpose' | 'channel' | 'address' | 'message'>;

export const mail = (spec: Spec): Destination =>
  destination({
    description: 'Mail.',
    purpose: 'marketing',
    channel: 'email',
    address: 'email',
    message: z.object({ text: z.string() }),
    ...spec,
  });

/** A partner that answers after so many milliseconds and takes everything. */
export const healthy = (accepted: Accepted, milliseconds: number): Destination =>
  mail({
    batchSize: 50,
    send: async (deliveries) => {
      if (milliseconds > 0) await pause(milliseconds);
      for (const { id } of deliveries) accepted.take(id);
      return deliveries.map(() => ({ status: 'delivered' }));
    },
  });

const host = definePlugin({ name: 'bench', description: 'Of the benchmark.', config: z.object({}) });

/** A workspace of people who agreed, with a segment for each group of destinations. */
export async function createMailing(
  url: string,
  { people, groups }: { people: number; groups: Record<string, Record<string, Destination>> },
) {
  const workspace = await createWorkspace(url, { key: 'bench', name: 'Bench', salt: Buffer.alloc(32, 1) });
  const database = await Database.open({ url });
  const owner = await ownerClient(url);
  await owner.query(
    `with person as (select gen_random_uuid() as id, n from generate_series(1, $2) n), stored as (
      insert into customer (workspace_id, id, created_at, traits, consents, segments, facts, rules_version)
      select $1, id, now(), '{"firstName": {"v": "花子"}}', '{"marketing/email": {"state": "GIVEN"}}', '{}', '{}', 0 from person
    )
    insert into identity (workspace_id, id, customer_id, namespace, value, created_at)
    select $1, id, id, 'member', 'm' || n, now() from person
    union all select $1, gen_random_uuid(), id, 'email', 'p' || n || '@shop.example', now() from person`,
    [workspace.id, people],
  );
  await owner.query('analyze');
  const destinations: Destinations = new Map(
    Object.values(groups).flatMap((group) => Object.entries(group).map(([name, one]) => [`bench.${name}`, one] as const)),
  );
  const segmentIds = new Map<string, number>();
  for (const [name, group] of Object.entries(groups)) {
    const { rows } = await owner.query(
      `insert into segment (workspace_id, key, name, rule, status) values ($1, $2, $2, '{}', 'LIVE') returning id`,
      [workspace.id, name],
    );
    segmentIds.set(name, rows[0].id);
    for (const key of Object.keys(group))
      await saveProgram({ database, destinations }, workspace, {
        key,
        name: key,
        segment: name,
        trigger: 'ENTERED',
        destination: `bench.${key}`,
        message: { text: 'ようこそ' },
      });
  }
  const desks = new Desks({ database, registry: new Registry([host({})]) });
  const worker = new DeliveryWorker({ database, destinations, desks, sweepSeconds: 3600 });
  const ids = (await owner.query('select id from customer where workspace_id = $1', [workspace.id])).rows.map(({ id }) => String(id));
  let moment = Date.now() - 1_000_000;
  return {
    worker,
    /** Everybody enters the segment of this group: one delivery each per destination. */
    plan: async (group: string): Promise<number> => {
      moment += 1;
      const [segmentId = 0, at] = [segmentIds.get(group), new Date(moment)];
      const transitions = ids.map((customerId) => ({ segmentId, customerId, change: 'ENTERED', at, cause: null }) as const);
      return database.transaction(workspace.id, (sql) => planDeliveries(sql, workspace.id, { transitions, now: new Date() }));
    },
    /** Forgets what is still under way, so that the next round begins even. */
    clear: () => clear(owner),
    /** What autovacuum does in time, done between measurements instead of somewhere in them. */
    tidy: async () => {
      await owner.query('vacuum analyze delivery, delivery_attempt');
      await owner.query('checkpoint');
    },
    close: async () => {
      await worker.stop();
      await desks.close();
      await database.close();
      await owner.end();
    },
  };
}

/** Ends what is left over. Rows that a worker has in its hands just now are passed over and looked at again: waiting for them could deadlock. */
async function clear(owner: Awaited<ReturnType<typeof ownerClient>>): Promise<void> {
  const left = `select id from delivery where status in ('PENDING', 'SENDING')`;
  while (((await owner.query(`${left} limit 1`)).rowCount ?? 0) > 0)
    await owner.query(`update delivery set status = 'DEAD' where id in (${left} for update skip locked)`);
}
