import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { buildApiSchema, contextFor, formatErrorWith, serveLive } from '@enishi/api';
import {
  authenticate,
  createKey,
  createWorkspace,
  Database,
  encodeCursor,
  Feed,
  Line,
  migrate,
  Reader,
  type Receipt,
  Registry,
  type Submission,
  saveSegment,
} from '@enishi/core';
import { startPostgres } from '../../packages/testkit/src/postgres.ts';
import { ownerClient } from './copy.ts';
import type { Heard, Orders } from './live-clients.ts';
import { median, percentile, report, say } from './report.ts';
import { segments, store, traffic } from './world.ts';

const { values: options } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '15' },
    rounds: { type: 'string', default: '3' },
    people: { type: 'string', default: '5000' },
    baseline: { type: 'string', default: 'yes' },
  },
});
const [subscribers, rate, seconds, rounds, people] = [
  options.subscribers,
  options.rate,
  options.seconds,
  options.rounds,
  options.people,
].map(Number) as [number, number, number, number, number];
const target = 50;
const warmUp = 3;
/** One event in ten moves somebody into or out of the segment that everybody watches. */
const every = 10;

const query = `subscription Watch {
  segmentChanges(segment: "gold", heartbeats: true) {
    cursor at change customerId
    cause { kind eventId type }
    customer { id traits(keys: ["firstName", "store.rank"]) { key value } }
  }
}`;

// When PostgreSQL began to commit, before it waited for the disk: the strictest beginning there is.
const postgres = await startPostgres({ track_commit_timestamp: 'on', jit: 'off', shared_buffers: '1GB', max_wal_size: '8GB' });
await migrate(postgres.url);
const owner = await ownerClient(postgres.url);
const workspace = await createWorkspace(postgres.url, { key: 'bench', name: 'Bench', salt: Buffer.alloc(32, 1) });
const database = await Database.open({ url: postgres.url });
const line = new Line({ database, registry: new Registry([store]) });
const feed = new Feed({ database });
await feed.start();
const { key } = await createKey(database, workspace, { name: 'bench', role: 'marketer' });
for (const [name, rule] of Object.entries(segments)) await saveSegment(line, workspace, { key: name, name, rule });

const schema = buildApiSchema();
const services = { database, registry: line.registry, line, reader: new Reader(database), destinations: new Map() };
const fail = (error: unknown): void => {
  throw error;
};

/** Enishi's own way: one execution for all. */
function serveShared(server: Server): () => Promise<void> {
  const live = serveLive(server, {
    schema,
    feed,
    authenticate: (rawKey) => authenticate(database, rawKey),
    contextOf: (caller) => contextFor(caller, services),
    formatError: formatErrorWith(({ error }) => fail(error)),
  });
  return () => {
    const { executions, catchingUp } = live.counts();
    if (executions > 1 || catchingUp > 0) throw new Error(`not shared: ${JSON.stringify(live.counts())}`);
    return live.close();
  };
}

/** The baseline: graphql-ws as it comes, which runs graphql-js for each subscriber, on the same schema and the same feed. */
async function servePlain(server: Server): Promise<() => Promise<void>> {
  const fromApi = createRequire(new URL('../../packages/api/package.json', import.meta.url));
  const { useServer } = fromApi('graphql-ws/use/ws') as typeof import('graphql-ws/use/ws');
  const { WebSocketServer } = fromApi('ws') as typeof import('ws');
  const caller = await authenticate(database, key);
  if (caller === undefined) throw new Error('no caller');
  const sockets = new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false });
  const disposable = useServer({ schema, context: () => ({ ...contextFor(caller, services), feed, heartbeat: 10_000 }) }, sockets, 0);
  return async () => disposable.dispose();
}

let sent = 0;
/** When the line's caller knew, by event: the disk has it by then. */
const acknowledged = new Map<string, number>();
const acknowledge = ([receipt]: readonly Receipt[]): void => {
  if (receipt?.status === 'ACCEPTED') acknowledged.set(receipt.eventId, performance.timeOrigin + performance.now());
};

/** `rate` requests a second of one event each, evenly spread; who is moved by each tenth alternates between in and out. */
async function send(duration: number): Promise<void> {
  const events = traffic({ count: rate * duration, people, seed: ++sent, now: Date.now() }).filter(
    ({ type }) => type !== 'enishi.identified',
  );
  const began = performance.now();
  const answers: Promise<unknown>[] = [];
  for (let place = 0; place < rate * duration; place += 1) {
    const wait = began + (place * 1000) / rate - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    const submission = place % every === 0 ? move(place) : events[place % events.length];
    const answer = line.accept(workspace, 'bench', [{ ...submission, id: `${sent}-${place}` }]);
    answers.push(place % every === 0 ? answer.then(acknowledge) : answer);
  }
  await Promise.all(answers);
}

let moved = 0;
const move = (place: number): Submission => {
  const turn = moved++;
  const enters = turn % 2 === 0;
  // Whoever entered leaves a hundred moves later: both in one batch would be no transition at all.
  const person = (Math.floor(turn / 2) + (enters ? 0 : people - 50)) % people;
  return {
    type: 'enishi.identified',
    at: new Date(),
    identifiers: { member: `M${1_000_000 + person}` },
    properties: {},
    traits: { firstName: '花子', 'store.rank': enters ? 'gold' : 'silver', place },
  };
};

interface Committed {
  readonly seq: number;
  readonly cursor: string;
  /** Milliseconds since 1970, with fractions. */
  readonly at: number;
  readonly event: string;
}

async function transitionsAfter(seq: number): Promise<Committed[]> {
  const { rows } = await owner.query<{ seq: string; at: number; event: string }>(
    `select c.seq, c.cause ->> 'eventId' as event, (extract(epoch from pg_xact_commit_timestamp(c.xmin)) * 1000)::float8 as at
     from change c join segment s on s.workspace_id = c.workspace_id and s.id = c.segment_id
     where c.workspace_id = $1 and s.key = 'gold' and c.seq > $2 order by c.seq`,
    [workspace.id, seq],
  );
  return rows.map(({ seq: text, at, event }) => ({ seq: Number(text), at, event, cursor: encodeCursor(workspace, { seq: Number(text) }) }));
}

interface Outcome {
  readonly p50: number;
  /** p50 and p99 until the line's own caller knew. */
  readonly disk: readonly [number, number];
  readonly p99: number;
  readonly most: number;
  readonly deliveries: number;
  readonly cpu: number;
  readonly clientCpu: number;
}

async function measure(serve: (server: Server) => (() => Promise<void>) | Promise<() => Promise<void>>): Promise<Outcome> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const stop = await serve(server);
  const clients = fork(new URL('./live-clients.ts', import.meta.url), { serialization: 'advanced' });
  const connect: Orders = { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, key, count: subscribers, query };
  clients.send({ connect });
  await once(clients, 'message');
  const head = await feed.head(workspace.id);
  await send(warmUp);
  const warm = await feed.head(workspace.id);
  const before = process.cpuUsage();
  await send(seconds);
  const used = process.cpuUsage(before);
  const committed = await transitionsAfter(head);
  clients.send({ until: committed.at(-1)?.cursor ?? '' });
  const [{ heard, cpu }] = (await once(clients, 'message')) as [{ heard: Heard[]; cpu: NodeJS.CpuUsage }];
  await stop();
  server.closeAllConnections();
  server.close();
  const expected = committed.map(({ cursor }) => cursor).join();
  if (heard.length !== subscribers) throw new Error(`${heard.length} of ${subscribers} subscribers answered`);
  for (const [index, { cursors }] of heard.entries())
    if (cursors.join() !== expected)
      throw new Error(
        `subscriber ${index} was told ${cursors.length} transitions, ${committed.length} were committed, or in another order`,
      );
  const latencies = heard.flatMap(({ times }) =>
    committed.flatMap(({ seq, at }, index) => (seq > warm ? [(times[index] ?? Number.NaN) - at] : [])),
  );
  const disk = committed.flatMap(({ seq, at, event }) => (seq > warm ? [(acknowledged.get(event) ?? Number.NaN) - at] : []));
  const deliveries = latencies.length;
  return {
    p50: percentile(latencies, 0.5),
    disk: [percentile(disk, 0.5), percentile(disk, 0.99)],
    p99: percentile(latencies, 0.99),
    most: percentile(latencies, 1),
    deliveries,
    cpu: (used.user + used.system) / deliveries,
    clientCpu: (cpu.user + cpu.system) / (heard.length * committed.length),
  };
}

const tell = (name: string, { p50, p99, most, disk, deliveries, cpu, clientCpu }: Outcome): void =>
  say(
    `${name.padEnd(22)} p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, most ${most.toFixed(1)} ms (the line's own caller knew after ${disk.map((part) => part.toFixed(1)).join(' and ')} ms); ${deliveries} deliveries, each transition to each subscriber once and in order; CPU per delivery: server ${cpu.toFixed(1)} µs (the line included), clients ${clientCpu.toFixed(1)} µs`,
  );

say(
  `${subscribers} subscribers of one segment over WebSocket in another process; ${rate} requests of one event a second through the line with ${Object.keys(segments).length} segments; one event in ${every} moves somebody: ${rate / every} transitions, ${(rate / every) * subscribers} deliveries a second, each with the customer's name and rank`,
);
say('from the moment PostgreSQL begins to commit, its wait for the disk included, to the moment the client has the message');
await send(warmUp);
const [mine, plain]: [Outcome[], Outcome[]] = [[], []];
for (let round = 1; round <= rounds; round += 1) {
  const outcome = await measure(serveShared);
  mine.push(outcome);
  tell(`round ${round}: Enishi`, outcome);
  if (options.baseline !== 'yes') continue;
  const ordinary = await measure(servePlain);
  plain.push(ordinary);
  tell(`round ${round}: graphql-ws`, ordinary);
}
await feed.stop();
await line.close();
await database.close();
await owner.end();
await postgres.stop();
const usual = (outcomes: readonly Outcome[]): number => median(outcomes.map(({ p99 }) => p99));
const [value, baseline] = [usual(mine), plain.length > 0 ? usual(plain) : Number.NaN];
report({ bench: 'live', metric: 'p99 ms committed to received', value, baseline, ratio: value / baseline, target, pass: value <= target });
process.exitCode = value <= target ? 0 : 1;
