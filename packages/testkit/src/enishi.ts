import { createKey, type Role } from '@enishi/core';
import type { ConfigInput, EnishiServer } from '@enishi/server';
import supertest from 'supertest';
import { createTestDatabase } from './database.ts';
import { createTestWorkspace, type TestDomain, type TestDomainOptions } from './domain.ts';
import { watchForLeaks } from './leaks.ts';
import { connectLive, type LiveClient, type Subscription } from './live.ts';

export interface TestEnishiOptions extends TestDomainOptions {
  /** Settings over those of a test: a free port on this machine, no logs. */
  readonly config?: Omit<ConfigInput, 'plugins' | 'workspaces' | 'database'>;
  /** Whether timers and deliveries run by themselves. Default false: `settle()` drives them, so nothing happens unasked. */
  readonly background?: boolean;
}

export interface GraphqlAnswer<TData> {
  readonly data?: TData | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Record<string, unknown>;
  }[];
}

/** A whole Enishi: the server as it runs in production, listening on a port of its own, on a database of its own. */
export interface TestEnishi extends TestDomain {
  readonly server: EnishiServer;
  /** Where it listens. Webhooks are at `/hooks/PLUGIN/SOURCE`. */
  readonly address: string;
  /** Supertest on that address: `await enishi.http.post('/v1/track')…`. */
  readonly http: ReturnType<typeof supertest>;
  /** One GraphQL operation over HTTP as this role. The type of the data is taken on trust. */
  readonly graphql: <TData = Record<string, unknown>>(
    role: Role,
    query: string,
    variables?: Record<string, unknown>,
  ) => Promise<GraphqlAnswer<TData>>;
  /** A subscription as this role over a socket of its own. */
  readonly subscribe: <TData = Record<string, unknown>>(
    role: Role,
    query: string,
    variables?: Record<string, unknown>,
  ) => Promise<Subscription<TData>>;
  /** A graphql-ws client with this key, or with none. */
  readonly live: (key?: string) => LiveClient;
  /** Resolves when nothing is due any more: every stored call, poll and backfill has been worked on, every delivery that may be sent now has been. */
  readonly settle: () => Promise<void>;
}

/** Call with `await using`: whatever is still open or connected when the test is over fails it. */
export async function createTestEnishi(options: TestEnishiOptions = {}): Promise<TestEnishi> {
  const { plugins = [], workspace: wanted = {}, config = {}, background = false, now } = options;
  // Loaded only here: a test of the domain alone should not wait for the whole server.
  const { createServer } = await import('@enishi/server');
  await using stack = new AsyncDisposableStack();
  stack.defer(watchForLeaks());
  const { url } = stack.use(await createTestDatabase());
  const workspace = await createTestWorkspace(url, wanted);
  const server = await createServer(
    {
      secretKey: 'a key for tests and nothing else',
      ...config,
      plugins: [...plugins],
      workspaces: [{ key: workspace.key, country: workspace.country }],
      database: { url },
      http: { host: '127.0.0.1', port: 0, ...config.http },
      log: { level: 'silent', ...config.log },
    },
    { background, ...(now ? { now } : {}) },
  );
  stack.use(server);
  const address = (await server.listen()).replace('localhost', '127.0.0.1');
  const { database, registry, line } = server;

  const keys = new Map<Role, Promise<string>>();
  const freshKey = async (role: Role): Promise<string> => (await createKey(database, workspace, { name: `test ${role}`, role })).key;
  const keyOf = (role: Role): Promise<string> => {
    const key = keys.get(role) ?? freshKey(role);
    keys.set(role, key);
    return key;
  };
  const http = supertest(address);
  const clients = new Set<LiveClient>();
  stack.defer(async () => void (await Promise.all([...clients].map((client) => client.dispose()))));
  const live = (key?: string): LiveClient => {
    const client = connectLive(address, key);
    clients.add(client);
    return client;
  };

  const open = stack.move();
  return {
    url,
    database,
    registry,
    line,
    workspace,
    server,
    address,
    http,
    key: freshKey,
    graphql: async <TData>(role: Role, query: string, variables: Record<string, unknown> = {}) => {
      const response = await http
        .post('/graphql')
        .set('authorization', `Bearer ${await keyOf(role)}`)
        .send({ query, variables });
      return response.body as GraphqlAnswer<TData>;
    },
    subscribe: async <TData>(role: Role, query: string, variables?: Record<string, unknown>) =>
      live(await keyOf(role)).subscribe<TData>(query, variables),
    live,
    settle: async () => {
      await server.plugins.settle();
      await server.deliveries.settle();
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
