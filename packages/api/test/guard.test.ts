import { defaultLimits, limitRule, requireAffordable } from '@enishi/api';
import { createKey } from '@enishi/core';
import { createTestWorkspace } from '@enishi/testkit';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createTestApi, shopper } from './api.ts';

const codes = (errors: readonly { extensions?: Record<string, unknown> }[]): unknown[] => errors.map(({ extensions }) => extensions?.code);
const nested = (levels: number): string => `{ ${'segments { '.repeat(levels)} key ${'} '.repeat(levels)} }`;

describe('rights', () => {
  it('name the scope that is missing', async () => {
    await using api = await createTestApi();
    const id = await shopper(api, 'rights');
    const { data, errors } = await api.ask('source', 'query ($id: ID!) { customer(id: $id) { id } }', { id });
    expect(data).toEqual({ customer: null });
    expect(errors).toMatchObject([{ path: ['customer'], extensions: { code: 'FORBIDDEN', scope: 'customers:read' } }]);
  });

  it('take away only the field they are missing for', async () => {
    await using api = await createTestApi();
    const id = await shopper(api, 'field');
    const { data, errors } = await api.ask('bi', 'query ($id: ID!) { customer(id: $id) { id consents { state } } }', { id });
    expect(data.customer).toEqual({ id, consents: null });
    expect(errors).toMatchObject([{ path: ['customer', 'consents'], extensions: { code: 'FORBIDDEN', scope: 'consents:read' } }]);
  });

  it('end at the workspace', async () => {
    await using api = await createTestApi();
    const { database, url } = api.domain;
    const id = await shopper(api, 'elsewhere');
    const other = await createTestWorkspace(url, { key: 'other', name: 'Other' });
    const { key } = await createKey(database, other, { name: 'other', role: 'operator' });
    const query = /* GraphQL */ `
      query ($id: ID!) {
        customer(id: $id) { id }
        customerBy(identity: { namespace: "email", value: "elsewhere@example.com" }) { id }
        customers(rule: { identity: "email" }) { nodes { id } }
      }
    `;
    expect((await api.ask('operator', query, { id })).data).toEqual({
      customer: { id },
      customerBy: { id },
      customers: { nodes: [{ id }] },
    });
    expect((await api.ask(key as `eni_${string}`, query, { id })).data).toEqual({
      customer: null,
      customerBy: null,
      customers: { nodes: [] },
    });
  });

  it('include the schema only for those who may read something', async () => {
    await using api = await createTestApi();
    const query = 'query { ...Q } fragment Q on Query { __schema { queryType { name } } }';
    expect(codes((await api.ask('source', query)).errors)).toEqual(['FORBIDDEN']);
    expect((await api.ask('front-end', query)).data).toEqual({ __schema: { queryType: { name: 'Query' } } });
    // The document is validated by now; who asks still counts.
    expect(codes((await api.ask('source', query)).errors)).toEqual(['FORBIDDEN']);
  });

  it('are told to whoever asks', async () => {
    await using api = await createTestApi();
    const { data } = await api.ask('source', '{ me { role scopes purpose source workspace { key country } } }');
    expect(data.me).toEqual({
      role: 'source',
      scopes: ['events:write'],
      purpose: 'service',
      source: 'api',
      workspace: { key: 'main', country: 'JP' },
    });
  });
});

describe('a defect', () => {
  it('is told by an id alone, which the log knows', async () => {
    const broken = new Error('connection to 10.0.0.7 failed: select secret from customer');
    await using api = await createTestApi({
      context: (context) => ({
        ...context,
        reader: Object.assign(Object.create(context.reader), { segments: () => Promise.reject(broken) }),
      }),
    });
    const { errors } = await api.ask('operator', '{ segments { key } }');
    expect(JSON.stringify(errors)).not.toMatch(/secret|10\.0\.0\.7/);
    expect(errors).toMatchObject([{ path: ['segments'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect(api.failures).toEqual([{ id: errors[0]?.extensions?.id, error: broken, path: 'segments' }]);
  });
});

describe('limits', () => {
  it('refuse a query 30 levels deep, saying so', async () => {
    await using api = await createTestApi();
    const deep = `{ segment(key: "a") { members { nodes { ${'segments { segment { members { nodes { '.repeat(6)} id ${'} } } } '.repeat(6)} } } } }`;
    const { errors, statements } = await api.ask('operator', deep);
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_DEEP', limit: 15, actual: 28 } }]);
    expect(statements).toEqual([]);
  });

  it.each([
    ['QUERY_TOO_DEEP', nested(30)],
    [
      'QUERY_TOO_DEEP',
      `{ ...F0 } ${Array.from({ length: 20 }, (_, i) => `fragment F${i} on Query { a { ...F${i + 1} } }`).join(' ')} fragment F20 on Query { b }`,
    ],
    ['TOO_MANY_ALIASES', `{ ${Array.from({ length: 60 }, (_, i) => `a${i}: b`).join(' ')} }`],
    ['QUERY_TOO_LARGE', `{ ${'b '.repeat(1500)} }`],
    [
      'QUERY_TOO_LARGE',
      `{ ...F0 } ${Array.from({ length: 12 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} b }`).join(' ')} fragment F12 on Query { b }`,
    ],
    ['QUERY_TOO_LARGE', `{ b } # ${'x'.repeat(30_000)}`],
  ])('refuse with %s', (code, query) => {
    const schema = buildSchema('type Query { a: Query b: Int segments: [Query] key: String }');
    expect(codes(validate(schema, parse(query), [limitRule(defaultLimits)]))).toEqual([code]);
  });

  it('let pass what tools ask of the schema', async () => {
    await using api = await createTestApi();
    const { getIntrospectionQuery } = await import('graphql');
    expect((await api.ask('front-end', getIntrospectionQuery())).errors).toEqual([]);
  });

  it('refuse a document of too many words while it is read', async () => {
    await using api = await createTestApi();
    const { errors } = await api.ask('operator', `{ ${'me '.repeat(6000)} }`);
    expect(codes(errors)).toEqual(['QUERY_TOO_LARGE']);
  });

  it('count what an answer may hold, by the variables of each request', async () => {
    await using api = await createTestApi();
    const query = /* GraphQL */ `
      query ($first: Int!) {
        customers(rule: { identity: "member" }, first: $first) {
          nodes { events(first: $first) { nodes { id type occurredAt properties source } } }
        }
      }
    `;
    expect((await api.ask('operator', query, { first: 10 })).errors).toEqual([]);
    const { errors, statements } = await api.ask('operator', query, { first: 200 });
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX', limit: 50_000 } }]);
    expect(statements).toEqual([]);
    expect((await api.ask('operator', query, { first: 10 })).errors).toEqual([]);
  });

  const tooDear = `customers(rule: { identity: "member" }, first: 200) { nodes {
    ${Array.from({ length: 30 }, (_, i) => `e${i}: events(first: 200) { nodes { id } }`).join(' ')}
  } }`;
  const doubled = `${Array.from({ length: 13 }, (_, i) => `fragment F${i} on Customer { ...F${i + 1} ...F${i + 1} }`).join(' ')}
    fragment F13 on Customer { __typename }`;

  it.each([
    ['BAD_USER_INPUT', `query ($id: ID = "x") { customer(id: $id) { id } ${tooDear} }`, { id: null }],
    ['BAD_USER_INPUT', `query ($on: Boolean = true) { me @include(if: $on) { role } ${tooDear} }`, { on: null }],
    ['QUERY_TOO_LARGE', `{ customer(id: "x") { ...F0 } ${tooDear} } ${doubled}`, {}],
  ])('run nothing of what cannot be counted: %s', async (code, query, variables) => {
    await using api = await createTestApi();
    const { errors, statements } = await api.ask('operator', query, variables);
    expect(codes(errors)).toEqual([code]);
    expect(statements).toEqual([]);
  });

  it('let no page of less than nothing pay for what stands beside it', async () => {
    await using api = await createTestApi();
    const query = `{ previewSegment(rule: {}, sample: -1000000000) { __typename } ${tooDear} }`;
    const { errors, statements } = await api.ask('operator', query);
    expect(codes(errors)).toEqual(['QUERY_TOO_COMPLEX']);
    expect(statements).toEqual([]);
  });

  it('leave an operation that is not there to those who say so', () => {
    const schema = buildSchema('type Query { b: Int }');
    const asked = { schema, document: parse('{ b }'), variables: {}, operationName: 'Other' };
    expect(() => requireAffordable(asked, 10)).not.toThrow();
  });

  it('count anew after variables that did not fit, and tell null from nothing', async () => {
    await using api = await createTestApi();
    const query = /* GraphQL */ `
      query ($rule: JSON!, $first: Int = 200) {
        customers(rule: $rule, first: $first) { nodes { events(first: $first) { nodes { id type occurredAt properties source } } } }
      }
    `;
    const rule = { identity: 'member' };
    expect(codes((await api.ask('operator', query, {})).errors)).toEqual(['BAD_USER_INPUT']);
    expect((await api.ask('operator', query, { rule, first: null })).errors).toEqual([]);
    const { errors, statements } = await api.ask('operator', query, { rule });
    expect(codes(errors)).toEqual(['QUERY_TOO_COMPLEX']);
    expect(statements).toEqual([]);
  });

  it('bound a page', async () => {
    await using api = await createTestApi();
    const { errors } = await api.ask('operator', '{ deliveries(first: 201) { nodes { id } } }');
    expect(codes(errors)).toEqual(['INVALID_PAGE']);
    const bad = await api.ask('operator', '{ deliveries(after: "what") { nodes { id } } }');
    expect(codes(bad.errors)).toEqual(['INVALID_CURSOR']);
  });
});
