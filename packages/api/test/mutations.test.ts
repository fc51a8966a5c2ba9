import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, shopper, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const ingest = /* GraphQL */ `
  mutation ($events: [EventInput!]!) {
    ingestEvents(events: $events) { id status eventId customer { id } reason violations { path message } }
  }
`;
const order = (id: string, rest: object = {}): object => ({
  id,
  type: 'shop.order_placed',
  at: '2026-01-05T10:00:00+09:00',
  identifiers: { member: id },
  properties: { total: 100 },
  ...rest,
});

describe('ingestEvents', () => {
  it('answers each event for itself and stores the good ones', async () => {
    const events = [
      order('good'),
      order('good'),
      order('bad', { properties: { total: 'much' } }),
      order('strange', { type: 'shop.unheard_of' }),
      order('late', { at: '2999-01-01T00:00:00Z' }),
      order('nobody', { identifiers: { member: 'null' } }),
      order('also-good'),
    ];
    const { data, errors } = await api.ask('source', ingest, { events });
    expect(errors).toEqual([]);
    const receipts = data.ingestEvents as { status: string; customer: unknown; violations: { path: string }[] }[];
    expect(receipts.map(({ status }) => status)).toEqual([
      'ACCEPTED',
      'DUPLICATE',
      'QUARANTINED',
      'QUARANTINED',
      'QUARANTINED',
      'QUARANTINED',
      'ACCEPTED',
    ]);
    expect(receipts[2]?.violations).toMatchObject([{ path: 'properties.total' }]);
    expect(receipts[0]?.customer).toEqual({ id: expect.stringMatching(/^[\da-f-]{36}$/) });
  });

  it('shows the customer as it is with the event, to those who may see it', async () => {
    const query =
      'mutation ($events: [EventInput!]!) { ingestEvents(events: $events) { customer { id events { nodes { properties } } } } }';
    const { data } = await api.ask('operator', query, { events: [order('seen')] });
    expect(data.ingestEvents).toMatchObject([{ customer: { events: { nodes: [{ properties: { total: 100 } }] } } }]);
    const { data: receipts, errors } = await api.ask('source', query, { events: [order('unseen')] });
    expect(receipts.ingestEvents).toMatchObject([{ customer: { id: expect.any(String), events: null } }]);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', scope: 'customers:read' } }]);
  });

  it('refuses more than it can take at once', async () => {
    const events = Array.from({ length: 1001 }, (_, index) => order(`flood-${index}`));
    const { errors } = await api.ask('source', ingest, { events });
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', limit: 1000, actual: 1001 });
  });
});

it('recordConsents writes the ledger', async () => {
  const id = await shopper(api, 'withdraws');
  const { data, errors } = await api.ask(
    'privacy',
    /* GraphQL */ `
      mutation ($consents: [ConsentInput!]!) {
        recordConsents(consents: $consents) { status customer { id consents { purpose channel state } } }
      }
    `,
    {
      consents: [
        {
          identifiers: { member: 'withdraws' },
          at: '2026-02-01T00:00:00Z',
          decisions: [{ purpose: 'marketing', channel: 'email', state: 'WITHDRAWN', evidence: { call: 7 } }],
        },
      ],
    },
  );
  expect(errors).toEqual([]);
  expect(data.recordConsents).toEqual([
    { status: 'ACCEPTED', customer: { id, consents: [{ purpose: 'marketing', channel: 'email', state: 'WITHDRAWN' }] } },
  ]);
});

describe('segments', () => {
  const save = /* GraphQL */ `
    mutation ($input: SegmentInput!) {
      saveSegment(input: $input) {
        __typename
        ... on Segment { key version status size rule }
        ... on Problem { code message }
        ... on InvalidRule { violations { path message } }
      }
    }
  `;

  it('are saved, have members, explain themselves and end', async () => {
    const id = await shopper(api, 'loyal', 3);
    const rule = { event: 'shop.order_placed', count: { atLeast: 3 } };
    const input = { key: 'loyal', name: 'Loyal', rule };
    expect((await api.ask('marketer', save, { input })).data.saveSegment).toEqual({
      __typename: 'Segment',
      key: 'loyal',
      version: 1,
      status: 'LIVE',
      size: 1,
      rule,
    });
    const { data, errors } = await api.ask(
      'marketer',
      /* GraphQL */ `
        query ($id: ID!, $rule: JSON!) {
          segments { key size }
          segment(key: "loyal") { size members(first: 10) { edges { enteredAt node { id segments { segment { key } } } } pageInfo { hasNextPage } } }
          explainMembership(segment: "loyal", customer: $id) {
            ... on MembershipExplanation { member changesAt clauses { path matches actual } }
          }
          previewSegment(rule: $rule) { ... on SegmentPreview { count sample { id lastEventAt } } }
        }
      `,
      { id, rule },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      segments: [{ key: 'loyal', size: 1 }],
      segment: {
        size: 1,
        members: {
          edges: [{ enteredAt: expect.stringMatching(/Z$/), node: { id, segments: [{ segment: { key: 'loyal' } }] } }],
          pageInfo: { hasNextPage: false },
        },
      },
      explainMembership: { member: true, changesAt: null, clauses: [{ path: '', matches: true, actual: expect.stringContaining('3 ×') }] },
      previewSegment: { count: 1, sample: [{ id, lastEventAt: '2026-01-03T00:00:00.000Z' }] },
    });
    const archive = 'mutation { archiveSegment(key: "loyal") { ... on Segment { status size } ... on Problem { code } } }';
    expect((await api.ask('marketer', archive)).data.archiveSegment).toEqual({ status: 'ARCHIVED', size: 0 });
    expect((await api.ask('marketer', archive)).data.archiveSegment).toEqual({ code: 'SEGMENT_NOT_FOUND' });
    expect((await api.ask('marketer', '{ segments { key } }')).data.segments).toEqual([]);
  });

  it('answer a rule that is none with its faults', async () => {
    const input = { key: 'broken', name: 'Broken', rule: { all: [{ trait: 'rank', is: 'gold', atLeast: 3 }] } };
    const { data, errors } = await api.ask('marketer', save, { input });
    expect(errors).toEqual([]);
    expect(data.saveSegment).toMatchObject({ __typename: 'InvalidRule', code: 'INVALID_RULE', violations: [{ path: 'all.0' }] });
    const key = await api.ask('marketer', save, { input: { key: 'Not A Key', name: 'x', rule: { identity: 'email' } } });
    expect(key.data.saveSegment).toMatchObject({ __typename: 'InvalidSegment', code: 'INVALID_SEGMENT' });
  });

  it('that do not exist are a problem to branch on', async () => {
    const query = 'query ($id: ID!) { explainMembership(segment: "none", customer: $id) { ... on Problem { code } } }';
    const { data } = await api.ask('marketer', query, { id: await shopper(api, 'unexplained') });
    expect(data.explainMembership).toEqual({ code: 'SEGMENT_NOT_FOUND' });
    expect((await api.ask('marketer', query, { id: 'none' })).data.explainMembership).toEqual({ code: 'CUSTOMER_NOT_FOUND' });
  });
});

it('links are asserted and revoked', async () => {
  const [left, right] = [await shopper(api, 'left'), await shopper(api, 'right')];
  const assert = /* GraphQL */ `
    mutation ($b: String!) {
      assertLink(input: { a: { namespace: "email", value: "left@example.com" }, b: { namespace: "shop.nothing", value: $b }, reason: "x" }) {
        ... on InvalidIdentifier { code namespace }
      }
    }
  `;
  expect((await api.ask('privacy', assert, { b: 'y' })).data.assertLink).toEqual({ code: 'INVALID_IDENTIFIER', namespace: 'shop.nothing' });
  const { data, errors } = await api.ask(
    'privacy',
    /* GraphQL */ `
      mutation {
        assertLink(
          input: {
            a: { namespace: "email", value: "left@example.com" }
            b: { namespace: "email", value: "right@example.com" }
            reason: "same person at the counter"
          }
        ) {
          ... on LinkAsserted { id status customer { id identities { value } } }
        }
      }
    `,
  );
  expect(errors).toEqual([]);
  const link = data.assertLink as { id: string; status: string; customer: { id: string } };
  const revoke = /* GraphQL */ `
    mutation ($id: ID!) {
      revokeLink(id: $id, reason: "mistake") { ... on LinkRevoked { customers { id } } ... on Problem { code } }
    }
  `;
  const revoked = await api.ask('privacy', revoke, { id: link.id });
  expect(revoked.errors).toEqual([]);
  expect((revoked.data.revokeLink as { customers: { id: string }[] }).customers.map(({ id }) => id).sort()).toEqual(
    link.status === 'LIVE' ? [left, right].sort() : expect.any(Array),
  );
  expect((await api.ask('privacy', revoke, { id: 'none' })).data.revokeLink).toEqual({ code: 'LINK_NOT_FOUND' });
});

it('quarantined events are listed and replayed', async () => {
  await api.ask('source', ingest, { events: [order('kept', { properties: {} })] });
  const { data, errors } = await api.ask(
    'operator',
    '{ quarantinedEvents(source: "api", first: 1) { nodes { id source attempts violations { path } draft replayedAt } } }',
  );
  expect(errors).toEqual([]);
  const { nodes } = data.quarantinedEvents as { nodes: { id: string }[] };
  expect(nodes).toMatchObject([{ source: 'api', violations: [{ path: 'properties.total' }], draft: { id: 'kept' }, replayedAt: null }]);
  const replay = 'mutation ($ids: [ID!]!) { replayQuarantined(ids: $ids) { status violations { path } } }';
  const ids = [nodes[0]?.id, 'none'];
  expect((await api.ask('operator', replay, { ids })).data.replayQuarantined).toEqual([
    { status: 'QUARANTINED', violations: [{ path: 'properties.total' }] },
    { status: 'REJECTED', violations: [{ path: '' }] },
  ]);
});

it('the catalogue says what is understood', async () => {
  const { data, errors } = await api.ask(
    'front-end',
    '{ eventTypes { name description schema } traitTypes { name schema } namespaces { name limit } }',
  );
  expect(errors).toEqual([]);
  expect(data.eventTypes).toContainEqual({
    name: 'shop.order_placed',
    description: 'Somebody ordered.',
    schema: expect.objectContaining({ required: ['total'] }),
  });
  expect(data.traitTypes).toMatchObject([{ name: 'rank', schema: { enum: ['silver', 'gold'] } }]);
  expect(data.namespaces).toContainEqual(expect.objectContaining({ name: 'email' }));
});

it('a program for a destination that is not configured is a problem to branch on', async () => {
  const { data, errors } = await api.ask(
    'marketer',
    /* GraphQL */ `
      mutation {
        saveProgram(input: { key: "hello", name: "Hello", segment: "none", trigger: ENTERED, destination: "mail.none", message: {} }) {
          ... on UnknownDestination { code key }
        }
      }
    `,
  );
  expect(errors).toEqual([]);
  expect(data.saveProgram).toEqual({ code: 'UNKNOWN_DESTINATION', key: 'mail.none' });
  const lists = await api.ask(
    'marketer',
    '{ programs { key segment { key } } program(key: "none") { key } deliveries { nodes { id customer { id } } } }',
  );
  expect(lists.errors).toEqual([]);
  expect(lists.data).toEqual({ programs: [], program: null, deliveries: { nodes: [] } });
  const replayed = await api.ask('marketer', 'mutation { replayDeliveries(filter: { program: "none" }) { replayed } }');
  expect(replayed.data.replayDeliveries).toEqual({ replayed: 0 });
});
