import { type ConnectionTree, InvalidCursor, InvalidPage, Reader, type Selection } from '@enishi/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, customer, idOf, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const fields = (...names: string[]): Selection => names.map((field) => ({ field }));
const page = (args: Record<string, unknown>, node: Selection = fields('id', 'type', 'occurredAt')): Selection => [
  {
    field: 'events',
    args,
    select: [
      { field: 'edges', select: [{ field: 'cursor' }, { field: 'node', select: node }] },
      { field: 'pageInfo', select: fields('hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor') },
    ],
  },
];
const read = async (id: string, selection: Selection): Promise<Record<string, unknown>> => {
  const tree = await new Reader(world.database).customer(world.workspace.id, id, selection);
  return tree ?? {};
};
const events = async (id: string, args: Record<string, unknown>): Promise<ConnectionTree> =>
  (await read(id, page(args))).events as ConnectionTree;

describe('one customer', () => {
  it('answers what was selected and always the id', async () => {
    const id = await customer(world, 'plain');
    expect(await read(id, fields('createdAt', 'visits'))).toEqual({ '@key': id, id, createdAt: '2026-01-01T00:00:00+00:00' });
  });

  it('is found by an id that was merged away', async () => {
    const id = await customer(world, 'merged', { identities: ['member:merged', 'email:merged@example.com'] });
    expect(await read(idOf('email:merged@example.com'), fields('id'))).toMatchObject({ id });
  });

  it('is nobody for an unknown id and for what is no id', async () => {
    expect(await read(idOf('nobody'), fields('id'))).toEqual({});
    expect(await read("'; drop table customer", fields('id'))).toEqual({});
  });

  it('shows each trait with its provenance, narrowed by keys', async () => {
    const id = await customer(world, 'traits', { traits: { rank: 'gold', visits: 3, tags: ['a'] } });
    const selection = [{ field: 'traits', args: { keys: ['rank', 'tags'] }, select: fields('key', 'value', 'source', 'observedAt') }];
    expect((await read(id, selection)).traits).toEqual([
      { key: 'rank', value: 'gold', source: 'ec.orders', observedAt: '2026-01-01T00:00:00Z' },
      { key: 'tags', value: ['a'], source: 'ec.orders', observedAt: '2026-01-01T00:00:00Z' },
    ]);
  });

  it('shows the consents in force and the ledger behind them', async () => {
    const id = await customer(world, 'consents', {
      consents: { 'marketing/email': { state: 'GIVEN', at: '2026-01-02T00:00:00.000Z', i: idOf('member:consents') } },
    });
    await world.insert('consent_record', [
      {
        identity_id: id,
        position: 1,
        event_id: idOf('e'),
        purpose: 'marketing',
        channel: 'email',
        scope: '*',
        state: 'GIVEN',
        occurred_at: '2026-01-02T00:00:00Z',
        recorded_at: '2026-01-02T00:00:01Z',
        source_id: 1,
        evidence: { notice: 'v1' },
        hash: '\\x0102',
      },
    ]);
    const tree = await read(id, [
      { field: 'consents', select: fields('purpose', 'channel', 'state', 'decidedAt') },
      { field: 'consentRecords', select: fields('position', 'scope', 'evidence', 'source', 'hash', 'previousHash') },
    ]);
    expect(tree.consents).toEqual([{ purpose: 'marketing', channel: 'email', state: 'GIVEN', decidedAt: '2026-01-02T00:00:00.000Z' }]);
    expect(tree.consentRecords).toEqual([
      { position: 1, scope: '*', evidence: { notice: 'v1' }, source: 'ec.orders', hash: '0102', previousHash: null },
    ]);
  });

  it('answers the same field twice under two names', async () => {
    const id = await customer(world, 'twice', { traits: { a: 1, b: 2 } });
    const tree = await read(id, [
      { field: 'traits', as: '@one', args: { keys: ['a'] }, select: fields('value') },
      { field: 'traits', as: '@two', args: { keys: ['b'] }, select: fields('value') },
    ]);
    expect([tree['@one'], tree['@two']]).toEqual([[{ value: 1 }], [{ value: 2 }]]);
  });

  it('refuses a name that would end the statement', async () => {
    await expect(read(idOf('x'), [{ field: 'id', as: 'x" from customer --' }])).rejects.toThrow('cannot name a field');
  });
});

describe('the events of a customer', () => {
  const at = (day: number): string =>
    `2026-0${1 + (day % 3)}-${String(day + 1).padStart(2, '0')}T09:00:00.${String(day).padStart(3, '0')}Z`;
  const identities = ['member:timeline', 'email:timeline@example.com', 'anonymous:timeline'];
  const days = Array.from({ length: 20 }, (_, day) => day);
  const newestFirst = days.map((day) => idOf(`timeline ${at(day)} ${day % 2 ? 'web.viewed' : 'ec.order_placed'}`));
  let id: string;
  beforeAll(async () => {
    const rows = days.map((day) => ({
      at: at(day),
      identity: identities[day % 3] ?? '',
      type: day % 2 ? 'web.viewed' : 'ec.order_placed',
      properties: { day },
    }));
    id = await customer(world, 'timeline', { identities, events: rows });
    newestFirst.sort((a, b) => {
      const time = (one: string): string =>
        at(days.find((day) => idOf(`timeline ${at(day)} ${day % 2 ? 'web.viewed' : 'ec.order_placed'}`) === one) ?? 0);
      return time(b).localeCompare(time(a));
    });
  });
  const idsOf = ({ edges }: ConnectionTree): unknown[] => edges.map(({ node }) => node.id);

  it('come from all identities, newest first', async () => {
    const connection = await events(id, { first: 200 });
    expect(idsOf(connection)).toEqual(newestFirst);
    expect(connection.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
  });

  it('are the same read page by page, forward and backward', async () => {
    const forward: unknown[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const connection = await events(id, { first: 3, after });
      forward.push(...idsOf(connection));
      after = connection.pageInfo.endCursor;
      more = connection.pageInfo.hasNextPage;
    }
    expect(forward).toEqual(newestFirst);
    const backward: unknown[] = [];
    for (let before: string | null = null, more = true; more; ) {
      const connection = await events(id, { last: 3, before });
      backward.unshift(...idsOf(connection));
      before = connection.pageInfo.startCursor;
      more = connection.pageInfo.hasPreviousPage;
    }
    expect(backward).toEqual(newestFirst);
  });

  it('can be narrowed by kind and time', async () => {
    const connection = await events(id, { first: 200, types: ['web.viewed'], from: '2026-02-01T00:00:00Z', to: '2026-03-01T00:00:00Z' });
    expect(connection.edges.length).toBeGreaterThan(0);
    for (const { node } of connection.edges) {
      expect(node.type).toBe('web.viewed');
      expect(String(node.occurredAt)).toMatch(/^2026-02/);
    }
  });

  it('answers nodes and edges side by side', async () => {
    const tree = await read(id, [
      {
        field: 'events',
        args: { first: 2 },
        select: [
          { field: 'edges', select: [{ field: 'node', select: fields('id') }] },
          { field: 'nodes', select: fields('properties') },
        ],
      },
    ]);
    const { edges, nodes } = tree.events as ConnectionTree;
    expect(edges.map(({ node }) => node.id)).toEqual(newestFirst.slice(0, 2));
    expect(nodes).toHaveLength(2);
    expect(nodes[0]?.properties).toHaveProperty('day');
  });

  it.each([
    [{ first: 0 }, InvalidPage],
    [{ first: 201 }, InvalidPage],
    [{ first: 2, last: 2 }, InvalidPage],
    [{ first: 2, after: 'bm9uc2Vuc2U' }, InvalidCursor],
    [{ first: 2, after: 'MjAyNi05OS05OVQwMDowMDowMFp8MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw' }, InvalidCursor],
  ])('refuse the page %j', async (args, error) => {
    await expect(events(id, args)).rejects.toThrow(error);
  });
});
