import { buildApiSchema, contextFor, createApollo, type Failure, type GraphContext } from '@enishi/api';
import { authenticate, isRole, Reader, type Role } from '@enishi/core';
import { createTestDomain, type TestDomain, type TestDomainOptions } from '@enishi/testkit';
import type { GraphQLFormattedError } from 'graphql';
import { shop } from './shop.ts';

export interface Answer {
  readonly data: Record<string, unknown>;
  readonly errors: readonly GraphQLFormattedError[];
  /** The SQL it took to read the answer. */
  readonly statements: readonly string[];
}

export interface TestApi {
  readonly domain: TestDomain;
  /** Defects that clients were not told of. */
  readonly failures: Failure[];
  /** Asks with a fresh key of a role, or with the key given. */
  readonly ask: (as: Role | `eni_${string}`, query: string, variables?: Record<string, unknown>) => Promise<Answer>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

const schema = buildApiSchema(shop.resolvers);

/** The API over a domain of its own, without HTTP. `context` may spoil what the resolvers are given. */
export async function createTestApi(
  options: TestDomainOptions & { readonly context?: (context: GraphContext) => GraphContext } = {},
): Promise<TestApi> {
  await using stack = new AsyncDisposableStack();
  const domain = stack.use(await createTestDomain({ plugins: [shop], ...options }));
  const statements: string[] = [];
  const failures: Failure[] = [];
  const reader = new Reader(domain.database, { onStatement: (text) => void statements.push(text) });
  const apollo = createApollo({ schema, onFailure: (failure) => void failures.push(failure) });
  await apollo.start();
  stack.defer(() => apollo.stop());
  const open = stack.move();
  const spoil = options.context ?? ((context: GraphContext) => context);
  return {
    domain,
    failures,
    ask: async (as, query, variables = {}) => {
      const caller = await authenticate(domain.database, isRole(as) ? await domain.key(as) : as);
      if (caller === undefined) throw new Error(`no caller for ${as}`);
      statements.length = 0;
      const contextValue = spoil(contextFor(caller, { ...domain, reader, destinations: new Map() }));
      const { body } = await apollo.executeOperation({ query, variables }, { contextValue });
      if (body.kind !== 'single') throw new Error('not a single answer');
      const { data, errors = [] } = JSON.parse(JSON.stringify(body.singleResult)) as Answer;
      return { data, errors, statements: [...statements] };
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Somebody who ordered `orders` times, on consecutive days of January 2026. */
export async function shopper({ domain }: TestApi, name: string, orders = 1): Promise<string> {
  const receipts = await domain.line.accept(
    domain.workspace,
    'shop.orders',
    Array.from({ length: orders }, (_, day) => ({
      id: `${name}-${day}`,
      type: 'shop.order_placed',
      at: `2026-01-${String(day + 1).padStart(2, '0')}T00:00:00.000Z`,
      identifiers: { member: name, email: `${name}@example.com` },
      properties: { total: 1000 + day },
      traits: { rank: 'gold' },
      consents: [{ purpose: 'marketing', channel: 'email', state: 'GIVEN', evidence: { form: 'sign-up' } }],
    })),
  );
  const [first] = receipts;
  if (first?.status !== 'ACCEPTED') throw new Error(JSON.stringify(first));
  return first.customerId;
}
