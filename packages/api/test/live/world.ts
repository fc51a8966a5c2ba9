import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildApiSchema, contextFor, formatErrorWith, type LiveServer, type SocketLimits, serveLive } from '@enishi/api';
import { authenticate, Feed, type FeedOptions, Reader, saveSegment } from '@enishi/core';
import { connectLive, createTestDomain, type LiveClient, type TestDomain } from '@enishi/testkit';
import pg from 'pg';
import { WebSocket } from 'ws';
import { shop } from '../shop.ts';

export interface World {
  readonly domain: TestDomain;
  readonly live: LiveServer;
  readonly url: string;
  /** Defects, and what went wrong without a client to tell. */
  readonly failures: unknown[];
  /** Statements that read customers for messages. */
  readonly reads: string[];
  /** A client with this key; disposed of at the end of the test. */
  readonly connect: (key?: string) => LiveClient;
  /** The customers `name` become gold, or silver again, in one batch. */
  readonly rank: (rank: 'gold' | 'silver', ...names: readonly string[]) => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

export interface WorldOptions {
  readonly sockets?: Partial<SocketLimits>;
  readonly feed?: Partial<FeedOptions>;
}

const schema = buildApiSchema(shop.resolvers);

/** Subscriptions over a real HTTP server, fed by the real line; a segment `gold` that follows a trait. */
export async function createWorld({ sockets = {}, feed: feeding = {} }: WorldOptions = {}): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const domain = stack.use(await createTestDomain({ plugins: [shop] }));
  const { database, line, workspace } = domain;
  await saveSegment(line, workspace, { key: 'gold', name: 'Gold', rule: { trait: 'rank', is: 'gold' } });
  const feed = new Feed({ database, ...feeding });
  await feed.start();
  stack.defer(() => feed.stop());
  const failures: unknown[] = [];
  const reads: string[] = [];
  const reader = new Reader(database, { onStatement: (text) => void reads.push(text) });
  const server = createServer();
  server.listen(0);
  await once(server, 'listening');
  stack.defer(async () => void server.close());
  const live = serveLive(server, {
    schema,
    feed,
    sockets,
    authenticate: (key) => authenticate(database, key),
    contextOf: (caller) => contextFor(caller, { ...domain, reader, destinations: new Map() }),
    formatError: formatErrorWith((failure) => void failures.push(failure)),
    onFailure: (error) => void failures.push(error),
  });
  stack.defer(() => live.close());
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  let batch = 0;
  const open = stack.move();
  return {
    domain,
    live,
    url,
    failures,
    reads,
    connect: (key) => {
      const client = connectLive(url, key);
      open.defer(() => client.dispose());
      return client;
    },
    rank: async (rank, ...names) => {
      batch += 1;
      const at = new Date(Date.UTC(2026, 0, 1, 0, 0, batch)).toISOString();
      const receipts = await line.accept(
        workspace,
        'shop.ranks',
        names.map((member) => ({ id: `${batch}-${member}`, type: 'enishi.identified', at, identifiers: { member }, traits: { rank } })),
      );
      for (const receipt of receipts) if (receipt.status !== 'ACCEPTED') throw new Error(JSON.stringify(receipt));
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Cuts the line on which the process hears notifications. As owner: the application may not. */
export async function dropListeners({ domain }: World): Promise<number> {
  const client = new pg.Client({ connectionString: domain.url });
  await client.connect();
  const { rowCount } = await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen %'`,
  );
  await client.end();
  return rowCount ?? 0;
}

export const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

export interface Change {
  readonly segmentChanges: {
    readonly cursor: string;
    readonly at: string;
    readonly change: 'ENTERED' | 'LEFT' | 'CURRENT';
    readonly customerId: string | null;
    readonly cause: { readonly kind: string; readonly type?: string } | null;
    readonly customer: { readonly id: string; readonly identities: { readonly value: string }[] } | null;
  };
}

export const segmentChanges = /* GraphQL */ `
  subscription Gold($after: String, $snapshot: Boolean, $heartbeats: Boolean) {
    segmentChanges(segment: "gold", after: $after, snapshot: $snapshot, heartbeats: $heartbeats) {
      cursor
      at
      change
      customerId
      cause { kind type }
      customer { id identities { value } }
    }
  }
`;

/** What a test looks at: who did what. */
export const told = ({ segmentChanges: { change, customer } }: Change): string =>
  `${change} ${customer?.identities[0]?.value.toLowerCase() ?? '-'}`;

/** A client that speaks the protocol by hand, to misbehave. */
export async function open({ url }: World): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  return socket;
}

export const say = (socket: WebSocket, message: unknown): void =>
  socket.send(typeof message === 'string' ? message : JSON.stringify(message));

export async function hear(socket: WebSocket): Promise<{ type: string; id?: string; payload?: unknown }> {
  const [data] = await once(socket, 'message');
  return JSON.parse(String(data));
}

export async function closing(socket: WebSocket): Promise<number> {
  const [code] = await once(socket, 'close');
  return code as number;
}

export const init = (apiKey: string) => ({ type: 'connection_init', payload: { apiKey } });
