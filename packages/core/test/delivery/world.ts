import { randomUUID } from 'node:crypto';
import {
  createWorkspace,
  Database,
  DeliveryWorker,
  type DeliveryWorkerOptions,
  Desks,
  type PlannedTransition,
  type ProgramInput,
  planDeliveries,
  Registry,
  saveProgram,
  type Workspace,
} from '@enishi/core';
import {
  type AudienceChange,
  type AudienceDestination,
  audience,
  type Delivery,
  type Desk,
  type Destination,
  definePlugin,
  destination,
  type MessageDestination,
  type Outcome,
} from '@enishi/plugin-sdk';
import { createTestDatabase } from '@enishi/testkit';
import { z } from 'zod';

export type Send = (deliveries: readonly Delivery<{ text: string }>[], desk: Desk) => Promise<readonly Outcome[]>;

export const delivered = async (deliveries: readonly unknown[]): Promise<Outcome[]> => deliveries.map(() => ({ status: 'delivered' }));

/** A marketing e-mail destination that does as told. */
export const fake = (send: Send, settings: Partial<MessageDestination> = {}): MessageDestination => ({
  ...destination({
    description: 'A destination of the tests.',
    purpose: 'marketing',
    channel: 'email',
    address: 'email',
    message: z.object({ text: z.string().min(1), greeting: z.string().default('hello') }),
    send,
  }),
  ...settings,
});

export type Apply = (changes: readonly AudienceChange<{ list: string }>[], desk: Desk) => Promise<readonly Outcome[]>;

/** A partner's audience that does as told. */
export const fakeAudience = (apply: Apply, settings: Partial<AudienceDestination> = {}): AudienceDestination => ({
  ...audience({
    description: 'An audience of the tests.',
    purpose: 'advertising',
    channel: 'ads',
    address: ['email', 'phone'],
    message: z.object({ list: z.string().min(1) }),
    apply,
  }),
  ...settings,
});

/** Real desks for the plugin `fake`, which may reach these hosts. */
export function desksFor(database: Database, hosts: readonly string[] = []): Desks {
  const plugin = definePlugin({ name: 'fake', description: 'Of the tests.', config: z.object({}), hosts });
  return new Desks({ database, registry: new Registry([plugin({})]) });
}

export interface Person {
  readonly email?: string;
  readonly consents?: Record<string, 'GIVEN' | 'REFUSED' | 'WITHDRAWN'>;
  readonly traits?: Record<string, unknown>;
}

const agreed = { 'marketing/email': 'GIVEN' } as const;

/** A workspace with a segment `regulars`, a clock that moves only when told, and any destinations. */
export async function createWorld(destinations: Record<string, Destination>, hosts: readonly string[] = []) {
  const { url, stop } = await createTestDatabase();
  const database = await Database.open({ url });
  const workspace = await createWorkspace(url, { key: 'main', name: 'Main' });
  const desks = desksFor(database, hosts);
  const world = new World({ database, workspace, desks, destinations: new Map(Object.entries(destinations)) });
  await world.addSegment('regulars');
  return Object.assign(world, {
    url,
    [Symbol.asyncDispose]: async () => {
      for (const worker of world.workers) await worker.stop();
      await desks.close();
      await database.close();
      await stop();
    },
  });
}

class World {
  readonly database: Database;
  readonly workspace: Workspace;
  readonly desks: Desks;
  readonly destinations: ReadonlyMap<string, Destination>;
  readonly workers: DeliveryWorker[] = [];
  now = new Date('2026-04-01T00:00:00Z');

  constructor({ database, workspace, desks, destinations }: Pick<World, 'database' | 'workspace' | 'desks' | 'destinations'>) {
    this.database = database;
    this.workspace = workspace;
    this.desks = desks;
    this.destinations = destinations;
  }

  worker(options: Partial<DeliveryWorkerOptions> = {}): DeliveryWorker {
    const { database, desks, destinations } = this;
    const worker = new DeliveryWorker({ database, desks, destinations, now: () => this.now, random: () => 0.5, ...options });
    this.workers.push(worker);
    return worker;
  }

  pass(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1000);
  }

  program(input: Partial<ProgramInput> = {}) {
    const whole = { key: 'welcome', name: 'Welcome', segment: 'regulars', trigger: 'ENTERED', destination: 'fake.mail', ...input } as const;
    const { database, destinations } = this;
    return saveProgram({ database, destinations, now: () => this.now }, this.workspace, { message: { text: 'ようこそ' }, ...whole });
  }

  async addSegment(key: string): Promise<number> {
    const [row] = await this.query<{ id: number }>(
      `insert into segment (workspace_id, key, name, rule, status) values ($1, $2, $2, '{}', 'LIVE') returning id`,
      key,
    );
    return row?.id ?? 0;
  }

  async segmentId(key = 'regulars'): Promise<number> {
    const [row] = await this.query<{ id: number }>('select id from segment where workspace_id = $1 and key = $2', key);
    return row?.id ?? 0;
  }

  async addPerson({ email, consents = agreed, traits = {} }: Person = {}): Promise<string> {
    const id = randomUUID();
    const stored = Object.fromEntries(Object.entries(traits).map(([key, v]) => [key, { v }]));
    await this.query(
      `insert into customer (workspace_id, id, created_at, traits, consents, segments, facts, rules_version)
       values ($1, $2, now(), $3, $4, '{}', '{}', 0)`,
      id,
      JSON.stringify(stored),
      JSON.stringify(states(consents)),
    );
    await this.addIdentity(id, { id, namespace: 'member', value: id });
    await this.addIdentity(id, { namespace: 'email', value: email ?? `${id}@example.jp` });
    return id;
  }

  async addIdentity(customerId: string, { id = randomUUID(), namespace, value }: { id?: string; namespace: string; value: string }) {
    await this.query(
      'insert into identity (workspace_id, id, customer_id, namespace, value, created_at) values ($1, $2, $3, $4, $5, now())',
      id,
      customerId,
      namespace,
      value,
    );
  }

  async decide(customerId: string, consents: NonNullable<Person['consents']>): Promise<void> {
    await this.query('update customer set consents = $3 where workspace_id = $1 and id = $2', customerId, JSON.stringify(states(consents)));
  }

  /** These customers enter (or leave) `regulars` now. */
  async move(customerIds: readonly string[], change: 'ENTERED' | 'LEFT' = 'ENTERED'): Promise<number> {
    const segmentId = await this.segmentId();
    const cause = { kind: 'EVENT' };
    return this.plan(customerIds.map((customerId) => ({ segmentId, customerId, change, at: this.now, cause })));
  }

  plan(transitions: readonly PlannedTransition[]): Promise<number> {
    return this.database.transaction(this.workspace.id, (sql) => planDeliveries(sql, this.workspace.id, { transitions, now: this.now }));
  }

  query<TRow>(text: string, ...values: readonly unknown[]): Promise<TRow[]> {
    return this.database.query<TRow>(this.workspace.id, text, [this.workspace.id, ...values]);
  }
}

const states = (consents: Record<string, string>) =>
  Object.fromEntries(Object.entries(consents).map(([key, state]) => [key, { state, at: '2026-01-01T00:00:00.000Z', i: randomUUID() }]));

/** Answers when `count` calls of `reached` have been made. */
export function gate(count = 1): { reached: () => void; passed: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = count;
  return { reached: () => void (--left === 0 && resolve()), passed: promise };
}
