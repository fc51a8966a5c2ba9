import type { Database, Submission } from '@enishi/core';
import { createTestDomain, instants } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { shop } from '../line/world.ts';

const at = instants();
const seen = (minute: number, traits: Record<string, unknown>, identifiers: Record<string, string> = { user: 'hanako' }): Submission => ({
  type: 'enishi.identified',
  at: at(minute),
  identifiers,
  traits,
});
type Facts = Record<string, { v: unknown; t: string; s: number; e: string; i: string }>;
const traitsOf = async (database: Database, workspaceId: number): Promise<Facts> => {
  const [row] = await database.query<{ traits: Facts }>(workspaceId, 'select traits from customer where workspace_id = $1', [workspaceId]);
  return row?.traits ?? {};
};

const observations = [seen(2, { 'shop.rank': 'silver' }), seen(3, { 'shop.rank': 'gold' }), seen(1, { 'shop.rank': 'silver' })];
const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

describe('the newest observation by the time of its event wins', () => {
  it.each([
    ['one after another', 1],
    ['in one batch', 3],
  ])('%s', async (_how, size) => {
    for (const order of orders) {
      await using domain = await createTestDomain({ plugins: [shop({})] });
      const { line, workspace, database } = domain;
      const arriving = order.flatMap((place) => observations.slice(place, place + 1));
      for (let start = 0; start < 3; start += size) await line.accept(workspace, 'crm', arriving.slice(start, start + size));
      expect((await traitsOf(database, workspace.id))['shop.rank']).toMatchObject({ v: 'gold', t: at(3).toISOString() });
    }
  });
});

it('keeps the oldest observation of a trait that says so, from whichever source and identity', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace, database } = domain;
  const together = { user: 'hanako', phone: '090-1234-5678' };
  await line.accept(workspace, 'crm', [seen(5, { 'shop.firstSeenIn': 'tokyo' })]);
  await line.accept(workspace, 'store', [seen(9, { 'shop.firstSeenIn': 'osaka' }, together)]);
  await line.accept(workspace, 'store', [seen(2, { 'shop.firstSeenIn': 'kyoto' }, { phone: '090-1234-5678' })]);
  expect((await traitsOf(database, workspace.id))['shop.firstSeenIn']).toMatchObject({ v: 'kyoto', t: at(2).toISOString() });
});

it('says from which source, event and identity a value is', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace, database } = domain;
  await line.accept(workspace, 'web', [seen(1, { city: 'Tokyo' })]);
  const [receipt] = await line.accept(workspace, 'store', [seen(2, { city: 'Osaka' }, { phone: '090-1234-5678', user: 'hanako' })]);
  const { city } = await traitsOf(database, workspace.id);
  const [source] = await database.query<{ key: string }>(workspace.id, 'select key from source where workspace_id = $1 and id = $2', [
    workspace.id,
    city?.s,
  ]);
  const [identity] = await database.query<{ namespace: string }>(
    workspace.id,
    'select namespace from identity where workspace_id = $1 and id = $2',
    [workspace.id, city?.i],
  );
  expect({ city, source, identity }).toMatchObject({
    city: { v: 'Osaka', t: at(2).toISOString(), e: receipt?.status === 'ACCEPTED' ? receipt.eventId : '' },
    source: { key: 'store' },
    identity: { namespace: 'user' },
  });
});

it('keeps undeclared traits of any JSON kind, also under names that every object seems to have', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace, database } = domain;
  const traits = {
    name: '花子',
    'given-name': 'Hanako',
    年齢: 34,
    likes: ['tea', { kind: 'rice' }],
    vip: false,
    constructor: 'x',
    toString: 'y',
    none: null,
  };
  await line.accept(workspace, 'crm', [seen(1, traits)]);
  await line.accept(workspace, 'crm', [seen(2, { constructor: 'newer' })]);
  const known = Object.entries(await traitsOf(database, workspace.id)).map(([key, { v }]) => [key, v]);
  expect(Object.fromEntries(known)).toEqual({ ...traits, constructor: 'newer', none: undefined });
});

it('brings the newest value of both sides along when they are tied', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace, database } = domain;
  await line.accept(workspace, 'crm', [
    seen(1, { city: 'Tokyo', 'shop.rank': 'gold', constructor: 'a' }, { user: 'hanako' }),
    seen(2, { city: 'Osaka', 'shop.firstSeenIn': 'osaka', constructor: 'b' }, { phone: '090-1234-5678' }),
  ]);
  await line.accept(workspace, 'crm', [seen(3, {}, { user: 'hanako', phone: '090-1234-5678' })]);
  const known = Object.entries(await traitsOf(database, workspace.id)).map(([key, { v }]) => [key, v]);
  expect(Object.fromEntries(known)).toEqual({ city: 'Osaka', 'shop.rank': 'gold', 'shop.firstSeenIn': 'osaka', constructor: 'b' });
});
