import { deepStrictEqual } from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { createKey, Database, deriveId } from '@enishi/core';
import { ownerClient } from './copy.ts';
import { cpuBelow, cpuOf, postmasterOf } from './cpu.ts';
import { fillCustomers } from './customers.ts';
import { ask, load } from './load.ts';
import { preparePeer } from './peer-schema.ts';
import { durablePostgres } from './postgres.ts';
import { type Served, serve } from './processes.ts';
import { median, report, say } from './report.ts';

const { values: options } = parseArgs({
  options: {
    customers: { type: 'string', default: '100000' },
    events: { type: 'string', default: '2000000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
    profile: { type: 'string' },
  },
});
const [customers, events, rounds, seconds, connections] = [
  options.customers,
  options.events,
  options.rounds,
  options.seconds,
  options.connections,
].map(Number) as [number, number, number, number, number];
const target = 1;

const question = `query Customer360($id: ID!) {
  customer(id: $id) {
    id
    identities { namespace value }
    traits { key value observedAt source }
    consents { purpose channel state decidedAt }
    events(first: 20) { nodes { id type occurredAt properties } }
    segments { enteredAt segment { key name } }
  }
}`;
const peerQuestion = `query Customer360($id: UUID!) {
  customer: customerByWorkspaceIdAndRowId(workspaceId: 1, rowId: $id) {
    id: rowId
    identities: identitiesByWorkspaceIdAndCustomerIdList(orderBy: CREATED_AT_ASC) { namespace value }
    traits: knownTraitsList { key value observedAt source }
    consents: decisionsList { purpose channel state decidedAt }
    events: newestEventsList { id: rowId type occurredAt properties }
    segments: membershipsByWorkspaceIdAndCustomerIdList(condition: { leftAt: null }, orderBy: ENTERED_AT_DESC) {
      enteredAt
      segment: segmentByWorkspaceIdAndSegmentId { key name }
    }
  }
}`;

/** One of the two servers with the way to ask it. */
interface Contestant extends Served {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: readonly string[];
  readonly least: number;
}

const postgres = await durablePostgres();
const owner = await ownerClient(postgres.url);
const began = performance.now();
const workspace = await fillCustomers(postgres.url, owner, { customers, events });
await preparePeer(owner);
const postmaster = await postmasterOf(owner);
say(`${customers} customers, ${events} events, filled in ${((performance.now() - began) / 1000).toFixed(1)} s; ${connections} connections`);

const ids = Array.from({ length: 4000 }, () => {
  const person = Math.floor(Math.random() * customers);
  return deriveId(workspace.salt, 'identity', 'member', `M${1_000_000 + person}`);
});
const database = await Database.open({ url: postgres.url });
const { key } = await createKey(database, workspace, { name: 'bench', role: 'privacy' });
await database.close();

const flags = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`];
const env = { DATABASE_URL: postgres.url };
const [ours, theirs] = await Promise.all([serve('./enishi.ts', { env, flags }), serve('./postgraphile.ts', { env, flags })]);

interface Answer {
  readonly data: { readonly customer: Record<string, unknown> };
}

/** Both answers as they would be compared by a reader: lists in their order, instants as instants. */
const comparable = ({ data: { customer } }: Answer): unknown =>
  JSON.parse(JSON.stringify(customer), (name, value) => {
    if (name === 'events') return Array.isArray(value) ? value : value.nodes;
    return ['observedAt', 'decidedAt', 'occurredAt', 'enteredAt'].includes(name) ? new Date(value).getTime() : value;
  });

const bodyOf = (query: string, id: string): string => JSON.stringify({ query, variables: { id }, operationName: 'Customer360' });
const authorised = { authorization: `Bearer ${key}` };
let [smallest, smallestOfPeer] = [Infinity, Infinity];
for (const id of ids.slice(0, 20)) {
  const [mine, peer] = [
    await ask<Answer>(`${ours.url}/graphql`, authorised, bodyOf(question, id)),
    await ask<Answer>(theirs.url, {}, bodyOf(peerQuestion, id)),
  ];
  deepStrictEqual(comparable(mine), comparable(peer));
  const { identities, traits, consents, events: newest, segments } = mine.data.customer as Record<string, unknown[] & { nodes: unknown[] }>;
  deepStrictEqual(
    [identities?.length, traits?.length, consents?.length, newest?.nodes.length, segments?.length],
    [5, 6, 3, Math.min(20, Math.floor(events / customers)), 5],
  );
  smallest = Math.min(smallest, JSON.stringify(mine).length);
  smallestOfPeer = Math.min(smallestOfPeer, JSON.stringify(peer).length);
}
const enishi: Contestant = {
  ...ours,
  url: `${ours.url}/graphql`,
  name: 'enishi',
  headers: authorised,
  bodies: ids.map((id) => bodyOf(question, id)),
  least: smallest * 0.95,
};
const peer: Contestant = {
  ...theirs,
  name: 'postgraphile',
  headers: {},
  bodies: ids.map((id) => bodyOf(peerQuestion, id)),
  least: smallestOfPeer * 0.95,
};

async function measure(server: Contestant, duration: number) {
  const [node, database] = [cpuOf(server.pid), cpuBelow(postmaster)];
  const loaded = await load({ ...server, connections, seconds: duration });
  return {
    ...loaded,
    node: (cpuOf(server.pid) - node) / loaded.requests / 1000,
    postgres: (cpuBelow(postmaster) - database) / loaded.requests / 1000,
  };
}

const results: { enishi: Awaited<ReturnType<typeof measure>>[]; postgraphile: Awaited<ReturnType<typeof measure>>[] } = {
  enishi: [],
  postgraphile: [],
};
for (const server of [enishi, peer]) await measure(server, Math.max(2, seconds / 2));
for (let round = 1; round <= rounds; round += 1) {
  for (const server of round % 2 === 1 ? [enishi, peer] : [peer, enishi]) {
    const seen = await measure(server, seconds);
    results[server.name as keyof typeof results].push(seen);
    say(
      `round ${round}: ${server.name.padEnd(12)} ${seen.perSecond.toFixed(0).padStart(5)} req/s, p50 ${seen.p50.toFixed(1)} ms, p99 ${seen.p99.toFixed(1)} ms, CPU per request: server ${seen.node.toFixed(2)} ms, PostgreSQL ${seen.postgres.toFixed(2)} ms, ${seen.bytes.toFixed(0)} bytes`,
    );
  }
}
await Promise.all([ours.stop(), theirs.stop()]);
await owner.end();
await postgres.stop();

const of = (name: keyof typeof results, figure: 'perSecond' | 'node' | 'postgres' | 'p50' | 'p99'): number =>
  median(results[name].map((seen) => seen[figure]));
for (const name of ['enishi', 'postgraphile'] as const)
  say(
    `${name.padEnd(12)} median ${of(name, 'perSecond').toFixed(0).padStart(5)} req/s, p50 ${of(name, 'p50').toFixed(1)} ms, p99 ${of(name, 'p99').toFixed(1)} ms, CPU per request: server ${of(name, 'node').toFixed(2)} ms, PostgreSQL ${of(name, 'postgres').toFixed(2)} ms`,
  );
const ratio = median(results.enishi.map(({ perSecond }, round) => perSecond / (results.postgraphile[round]?.perSecond ?? Number.NaN)));
report({
  bench: 'customer-360',
  metric: 'req/s',
  value: of('enishi', 'perSecond'),
  baseline: of('postgraphile', 'perSecond'),
  ratio,
  target,
  pass: ratio >= target,
});
process.exitCode = ratio >= target ? 0 : 1;
