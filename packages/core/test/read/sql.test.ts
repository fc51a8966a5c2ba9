import { type ConnectionTree, Reader, type Selection } from '@enishi/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, customer, idOf, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.insert('segment', [
    { id: 1, key: 'gold', name: 'Gold', description: '', rule: {}, version: 1, status: 'LIVE', size: 2, created_at: at, updated_at: at },
  ]);
});
afterAll(() => world.close());

const at = '2026-01-01T00:00:00Z';
const fields = (...names: string[]): Selection => names.map((field) => ({ field }));

/** The statement a selection becomes, kept beside this test: one that grew into several, or lost its index, shows as a diff. */
const statementOf = async (ask: (reader: Reader) => Promise<unknown>): Promise<string> => {
  const statements: string[] = [];
  await ask(new Reader(world.database, { onStatement: (text) => void statements.push(text) }));
  expect(statements).toHaveLength(1);
  return `${(statements[0] ?? '').replaceAll(/\s+/g, ' ').replaceAll(/ (?=\(select |from |where |order by |cross join )/g, '\n')}\n`;
};

const customer360: Selection = [
  ...fields('id', 'createdAt', 'lastEventAt'),
  { field: 'identities', select: fields('id', 'namespace', 'value', 'createdAt') },
  { field: 'traits', select: fields('key', 'value', 'observedAt', 'source') },
  { field: 'consents', select: fields('purpose', 'channel', 'state', 'decidedAt') },
  {
    field: 'events',
    args: { first: 20 },
    select: [
      { field: 'edges', select: [{ field: 'cursor' }, { field: 'node', select: fields('id', 'type', 'occurredAt', 'properties') }] },
      { field: 'pageInfo', select: fields('hasNextPage', 'endCursor') },
    ],
  },
  { field: 'segments', select: [{ field: 'enteredAt' }, { field: 'segment', select: fields('key', 'name') }] },
];

describe('one statement', () => {
  it('reads customers with all around them', async () => {
    const id = await customer(world, 'sql');
    const text = await statementOf((reader) =>
      Promise.all([id, idOf('other'), id].map((one) => reader.customer(world.workspace.id, one, customer360))),
    );
    await expect(text).toMatchFileSnapshot('sql/customer-360.sql');
  });

  it('reads a page of events behind a cursor', async () => {
    const id = await customer(world, 'page', { events: [{ at: '2026-01-02T00:00:00Z' }, { at: '2026-01-03T00:00:00Z' }] });
    const events = (args: Record<string, unknown>): Selection => [
      {
        field: 'events',
        args,
        select: [
          { field: 'nodes', select: fields('id') },
          { field: 'pageInfo', select: fields('endCursor') },
        ],
      },
    ];
    const first = await new Reader(world.database).customer(world.workspace.id, id, events({ first: 1 }));
    const after = (first?.events as ConnectionTree | undefined)?.pageInfo.endCursor;
    const text = await statementOf((reader) =>
      reader.customer(
        world.workspace.id,
        id,
        events({ first: 1, after, types: ['ec.order_placed'], from: at, to: '2027-01-01T00:00:00Z' }),
      ),
    );
    await expect(text).toMatchFileSnapshot('sql/event-page.sql');
  });

  it('reads a page of the customers a rule holds for', async () => {
    const text = await statementOf((reader) =>
      reader.customersByRule(
        world.workspace.id,
        { trait: 'rank', is: 'gold' },
        {
          field: 'customers',
          args: { first: 50 },
          select: [{ field: 'nodes', select: [{ field: 'id' }, { field: 'identities', select: fields('value') }] }],
        },
      ),
    );
    await expect(text).toMatchFileSnapshot('sql/customers-by-rule.sql');
  });

  it('reads segments with their members and what those have in common', async () => {
    const members = await Promise.all(['m1', 'm2'].map((name) => customer(world, name, { traits: { rank: name } })));
    await world.insert(
      'membership',
      members.map((customer_id) => ({ segment_id: 1, customer_id, entered_at: at, left_at: null })),
    );
    const selection: Selection = [
      ...fields('key', 'size'),
      {
        field: 'members',
        args: { first: 1 },
        select: [
          {
            field: 'edges',
            select: [
              { field: 'enteredAt' },
              { field: 'cursor' },
              { field: 'node', select: [{ field: 'traits', select: fields('value') }] },
            ],
          },
          { field: 'pageInfo', select: fields('hasNextPage', 'endCursor') },
        ],
      },
    ];
    const [gold] = await new Reader(world.database).segments(world.workspace.id, selection);
    const [firstId, secondId] = members.toSorted();
    const connection = gold?.members as ConnectionTree;
    expect(connection).toMatchObject({
      edges: [{ enteredAt: '2026-01-01T00:00:00+00:00', node: { id: firstId } }],
      pageInfo: { hasNextPage: true },
    });
    const after = connection.pageInfo.endCursor;
    const next = selection.map((one) => (one.field === 'members' ? { ...one, args: { first: 1, after } } : one));
    const rest = await new Reader(world.database).segment(world.workspace.id, 'gold', next);
    expect(rest?.members).toMatchObject({ edges: [{ node: { id: secondId } }], pageInfo: { hasNextPage: false, hasPreviousPage: true } });
    await expect(await statementOf((reader) => reader.segments(world.workspace.id, next))).toMatchFileSnapshot('sql/segment-members.sql');
  });

  it('reads deliveries with everything they are about', async () => {
    const id = await customer(world, 'receiver');
    await world.insert('destination', [
      { id: 1, key: 'email.message', purpose: 'marketing', channel: 'email', address: ['email'], created_at: at },
    ]);
    await world.insert('program', [
      {
        id: 1,
        key: 'hello',
        name: 'Hello',
        segment_id: 1,
        trigger: 'ENTERED',
        destination_id: 1,
        message: { subject: 'hi' },
        version: 1,
        active: true,
        created_at: at,
        updated_at: at,
      },
    ]);
    await world.insert(
      'delivery',
      ['a', 'b', 'c'].map((name, index) => ({
        id: idOf(name),
        program_id: 1,
        program_version: 1,
        destination_id: 1,
        customer_id: id,
        segment_id: 1,
        change: 'ENTERED',
        changed_at: at,
        cause: { kind: 'EVENT' },
        status: index === 0 ? 'DEAD' : 'DELIVERED',
        attempts: 1,
        attempts_before: 0,
        due_at: at,
        created_at: `2026-01-0${index + 1}T00:00:00Z`,
        updated_at: at,
      })),
    );
    await world.insert('delivery_attempt', [
      { delivery_id: idOf('a'), attempt: 1, at, outcome: 'rejected', reason: 'no such box', milliseconds: 12 },
    ]);
    const node: Selection = [
      ...fields('id', 'status', 'destination', 'change', 'cause'),
      { field: 'customer', select: fields('id') },
      { field: 'program', select: [{ field: 'key' }, { field: 'segment', select: fields('key') }] },
      { field: 'attemptLog', select: fields('attempt', 'outcome', 'reason') },
    ];
    const ask = (args: Record<string, unknown>) => (reader: Reader) =>
      reader.deliveries(world.workspace.id, { field: 'deliveries', args, select: [{ field: 'nodes', select: node }] });
    const dead = await ask({ statuses: ['DEAD'], program: 'hello', segment: 'gold', destination: 'email.message' })(
      new Reader(world.database),
    );
    expect(dead.nodes).toMatchObject([
      {
        id: idOf('a'),
        customer: { id },
        program: { key: 'hello', segment: { key: 'gold' } },
        destination: 'email.message',
        attemptLog: [{ attempt: 1, outcome: 'rejected', reason: 'no such box' }],
      },
    ]);
    const all = await ask({ first: 2 })(new Reader(world.database));
    expect(all.nodes.map((one) => one.id)).toEqual([idOf('c'), idOf('b')]);
    expect(all.pageInfo.hasNextPage).toBe(true);
    const own = await new Reader(world.database).customer(world.workspace.id, id, [
      { field: 'deliveries', args: { last: 1 }, select: [{ field: 'nodes', select: fields('id') }] },
    ]);
    expect(own?.deliveries).toMatchObject({ nodes: [{ id: idOf('a') }] });
    await expect(await statementOf(ask({ statuses: ['DEAD'] }))).toMatchFileSnapshot('sql/deliveries.sql');
  });

  it('reads what ties a customer', async () => {
    const id = await customer(world, 'tied', { identities: ['member:tied', 'email:tied@example.com'] });
    await world.insert('link', [
      {
        id: idOf('tie'),
        a: id,
        b: idOf('email:tied@example.com'),
        rule: 'same-event',
        status: 'LIVE',
        evidence: { event: 1 },
        created_at: at,
        decided_at: null,
      },
    ]);
    const selection: Selection = [
      {
        field: 'links',
        select: [...fields('status', 'rule', 'evidence'), { field: 'a', select: fields('value') }, { field: 'b', select: fields('value') }],
      },
    ];
    const tree = await new Reader(world.database).customer(world.workspace.id, id, selection);
    expect(tree?.links).toEqual([
      { status: 'LIVE', rule: 'same-event', evidence: { event: 1 }, a: { value: 'tied' }, b: { value: 'tied@example.com' } },
    ]);
    await expect(await statementOf((reader) => reader.customer(world.workspace.id, id, selection))).toMatchFileSnapshot('sql/links.sql');
  });

  it('shows a membership history, also that of before a merge', async () => {
    const id = await customer(world, 'history', { identities: ['member:history', 'email:history@example.com'] });
    await world.insert('membership', [
      { segment_id: 1, customer_id: id, entered_at: '2026-02-01T00:00:00Z', left_at: null },
      { segment_id: 1, customer_id: idOf('email:history@example.com'), entered_at: at, left_at: '2026-01-05T00:00:00Z' },
    ]);
    const segments = async (args: Record<string, unknown>): Promise<unknown> => {
      const selection: Selection = [
        { field: 'segments', args, select: [...fields('enteredAt', 'leftAt'), { field: 'segment', select: fields('key') }] },
      ];
      return (await new Reader(world.database).customer(world.workspace.id, id, selection))?.segments;
    };
    expect(await segments({})).toEqual([{ enteredAt: '2026-02-01T00:00:00+00:00', leftAt: null, segment: { key: 'gold' } }]);
    expect(await segments({ history: true })).toHaveLength(2);
  });
});
