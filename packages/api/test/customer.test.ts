import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, shopper, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const whole = /* GraphQL */ `
  query Customer($id: ID!) {
    customer(id: $id) {
      id
      createdAt
      lastEventAt
      identities { namespace value createdAt }
      traits { key value observedAt source eventId identityId }
      consents { purpose channel state decidedAt }
      consentRecords { position purpose channel scope state evidence source hash previousHash }
      events(first: 2) {
        edges { cursor node { id type occurredAt source properties } }
        pageInfo { hasNextPage hasPreviousPage endCursor }
      }
      segments { enteredAt segment { key size } }
      links { rule status a { namespace } b { namespace } evidence }
      deliveries { nodes { id } }
      orders { total }
    }
  }
`;

describe('a customer', () => {
  it('is read whole with one statement, and one more for the plugin', async () => {
    const id = await shopper(api, 'whole', 3);
    const { data, errors, statements } = await api.ask('operator', whole, { id });
    expect(errors).toEqual([]);
    expect(statements).toHaveLength(2);
    expect(data.customer).toMatchObject({
      id,
      lastEventAt: '2026-01-03T00:00:00.000Z',
      identities: expect.arrayContaining([expect.objectContaining({ namespace: 'member', value: 'WHOLE' })]),
      traits: [{ key: 'rank', value: 'gold', observedAt: '2026-01-03T00:00:00.000Z', source: 'shop.orders' }],
      consents: [{ purpose: 'marketing', channel: 'email', state: 'GIVEN' }],
      events: {
        edges: [
          { node: { type: 'shop.order_placed', occurredAt: '2026-01-03T00:00:00.000Z', properties: { total: 1002, items: [] } } },
          { node: { occurredAt: '2026-01-02T00:00:00.000Z' } },
        ],
        pageInfo: { hasNextPage: true, hasPreviousPage: false },
      },
      links: [{ status: 'LIVE' }],
      orders: [{ total: 1002 }, { total: 1001 }, { total: 1000 }],
    });
    const [record] = (data.customer as { consentRecords: Record<string, unknown>[] }).consentRecords;
    expect(record).toMatchObject({ purpose: 'marketing', evidence: { form: 'sign-up' }, source: 'shop.orders' });
  });

  it('answers any of its identifiers in any spelling', async () => {
    const id = await shopper(api, 'spelling');
    const query = 'query ($value: String!) { customerBy(identity: { namespace: "email", value: $value }) { id } }';
    expect((await api.ask('front-end', query, { value: ' SPELLING@example.com ' })).data.customerBy).toEqual({ id });
    expect((await api.ask('front-end', query, { value: 'nobody@example.com' })).data.customerBy).toBeNull();
    const { errors } = await api.ask('front-end', query, { value: 'null' });
    expect(errors[0]?.extensions).toMatchObject({ code: 'INVALID_IDENTIFIER', namespace: 'email' });
  });

  it('is null for what is no id', async () => {
    expect((await api.ask('front-end', '{ customer(id: "1; drop table customer") { id } }')).data).toEqual({ customer: null });
  });

  it('answers aliases, fragments and switches as GraphQL says', async () => {
    const id = await shopper(api, 'aliases', 3);
    const { data, errors, statements } = await api.ask(
      'front-end',
      /* GraphQL */ `
        query ($id: ID!, $no: Boolean = false) {
          one: customer(id: $id) { name: id ...More }
        }
        fragment More on Customer {
          newest: events(first: 1) { nodes { properties } }
          oldest: events(last: 1) { nodes { at: occurredAt, seen: receivedAt @include(if: $no) } }
          ... on Customer { gold: traits(keys: ["rank"]) { what: value __typename } none: traits(keys: []) { key } }
          traits @skip(if: true) { key }
        }
      `,
      { id },
    );
    expect(errors).toEqual([]);
    expect(statements).toHaveLength(1);
    expect(data.one).toEqual({
      name: id,
      newest: { nodes: [{ properties: { total: 1002, items: [] } }] },
      oldest: { nodes: [{ at: '2026-01-01T00:00:00.000Z' }] },
      gold: [{ what: 'gold', __typename: 'Trait' }],
      none: [],
    });
  });

  it('keeps apart what only very long names keep apart', async () => {
    const id = await shopper(api, 'names', 2);
    const [first, last] = ['a', 'b'].map((letter) => letter + 'x'.repeat(80));
    const query = `query ($id: ID!) { customer(id: $id) { ${first}: events(first: 1) { nodes { occurredAt } } ${last}: events(last: 1) { nodes { occurredAt } } } }`;
    const { data, errors } = await api.ask('front-end', query, { id });
    expect(errors).toEqual([]);
    expect(data.customer).toEqual({
      [first ?? '']: { nodes: [{ occurredAt: '2026-01-02T00:00:00.000Z' }] },
      [last ?? '']: { nodes: [{ occurredAt: '2026-01-01T00:00:00.000Z' }] },
    });
  });

  it('becomes whole where a plugin answers only its id', async () => {
    const id = await shopper(api, 'best');
    const query = 'query ($id: ID!) { bestCustomer(id: $id) { id lastEventAt events(first: 1) { nodes { type } } } }';
    const { data, errors } = await api.ask('front-end', query, { id });
    expect(errors).toEqual([]);
    expect(data.bestCustomer).toEqual({
      id,
      lastEventAt: '2026-01-01T00:00:00.000Z',
      events: { nodes: [{ type: 'shop.order_placed' }] },
    });
  });
});

describe('customers by rule', () => {
  const query = /* GraphQL */ `
    query ($rule: JSON!, $first: Int, $after: String) {
      customers(rule: $rule, first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
    }
  `;

  it('are read page by page', async () => {
    const ids = await Promise.all(['page-a', 'page-b', 'page-c'].map((name) => shopper(api, name, 5)));
    const rule = { event: 'shop.order_placed', count: { atLeast: 5 } };
    const first = await api.ask('bi', query, { rule, first: 2 });
    expect(first.errors).toEqual([]);
    const { nodes, pageInfo } = first.data.customers as { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    expect(pageInfo.hasNextPage).toBe(true);
    const second = await api.ask('bi', query, { rule, first: 2, after: pageInfo.endCursor });
    const rest = second.data.customers as typeof first.data.customers & { nodes: { id: string }[] };
    expect([...nodes, ...rest.nodes].map(({ id }) => id)).toEqual(ids.sort());
  });

  it('work with a rule that has no time in it', async () => {
    const { data, errors } = await api.ask('bi', query, { rule: { trait: 'rank', is: 'silver' } });
    expect(errors).toEqual([]);
    expect(data.customers).toMatchObject({ nodes: [] });
  });

  it('refuse what is no rule, with its place', async () => {
    const { errors } = await api.ask('bi', query, { rule: { all: [{ trait: 'rank' }] } });
    expect(errors[0]?.extensions).toMatchObject({ code: 'INVALID_RULE', violations: [{ path: expect.stringContaining('all') }] });
  });
});

it('customers, their events and their segments with those members: as many statements for 50 customers as for 5', async () => {
  const query = /* GraphQL */ `
    query ($rule: JSON!, $first: Int!) {
      customers(rule: $rule, first: $first) {
        nodes {
          id
          identities { value }
          events(first: 3) { nodes { type } }
          segments { segment { key members(first: 2) { nodes { id traits { key value } } } } }
          orders { total }
        }
      }
    }
  `;
  await Promise.all(Array.from({ length: 50 }, (_, index) => shopper(api, `many-${index}`, 4)));
  const save = 'mutation ($input: SegmentInput!) { saveSegment(input: $input) { __typename } }';
  const rule = { event: 'shop.order_placed', count: { equals: 4 } };
  await api.ask('operator', save, { input: { key: 'four', name: 'Four', rule } });
  const few = await api.ask('operator', query, { rule, first: 5 });
  const many = await api.ask('operator', query, { rule, first: 50 });
  expect(many.errors).toEqual([]);
  const { nodes } = many.data.customers as { nodes: { segments: { segment: { members: { nodes: unknown[] } } }[] }[] };
  expect(nodes).toHaveLength(50);
  expect(nodes[0]?.segments[0]?.segment.members.nodes).toHaveLength(2);
  expect(few.statements).toHaveLength(2);
  // The page itself is one statement; the plugin's events come in batches of 32 customers.
  expect(many.statements).toHaveLength(3);
});
