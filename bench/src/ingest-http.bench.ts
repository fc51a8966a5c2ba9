import { parseArgs } from 'node:util';
import { createKey, createWorkspace, Database, Line, migrate, Registry, type Submission, saveSegment } from '@enishi/core';
import { copyEvents, copyText, type EventRow, ownerClient } from './copy.ts';
import { cpuBelow, cpuOf, postmasterOf } from './cpu.ts';
import { durablePostgres } from './postgres.ts';
import { serve } from './processes.ts';
import { median, report, say } from './report.ts';
import { asUser, messageOf } from './segment-shape.ts';
import { segments, store, traffic } from './world.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    events: { type: 'string', default: '30000' },
    people: { type: 'string', default: '6000' },
    batch: { type: 'string', default: '500' },
    callers: { type: 'string', default: '8' },
    profile: { type: 'string' },
  },
});
const [rounds, events, people, batch, callers] = [options.rounds, options.events, options.people, options.batch, options.callers].map(
  Number,
) as [number, number, number, number, number];
/** A floor of our own: nobody has set a number for this. */
const target = 0.15;

const postgres = await durablePostgres();
await migrate(postgres.url);
const owner = await ownerClient(postgres.url);
const postmaster = await postmasterOf(owner);
const workspace = await createWorkspace(postgres.url, { key: 'main', name: 'Bench', salt: Buffer.alloc(32, 1) });
const other = await createWorkspace(postgres.url, { key: 'copy', name: 'Copy', salt: Buffer.alloc(32, 2) });
const database = await Database.open({ url: postgres.url });
const line = new Line({ database, registry: new Registry([store]) });
for (const [key, rule] of Object.entries(segments)) await saveSegment(line, workspace, { key, name: key, rule });
const { key } = await createKey(database, workspace, { name: 'bench', role: 'source' });
await line.close();
await database.close();
const flags = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`];
const server = await serve('./enishi.ts', { env: { DATABASE_URL: postgres.url }, flags });

/** One way into the server: how a batch is said, and how many of its events an answer says were accepted. */
interface Path {
  readonly name: string;
  readonly url: string;
  readonly bodyOf: (submissions: readonly Submission[]) => string;
  readonly accepted: (answer: string) => number;
}

interface Answers {
  readonly data: { readonly ingestEvents: readonly { readonly status: string }[] };
  readonly receipts: readonly { readonly status: string }[];
}

const query = 'mutation Ingest($events: [EventInput!]!) { ingestEvents(events: $events) { id status violations { path message } } }';
const countAccepted = (receipts: readonly { readonly status: string }[]): number =>
  receipts.filter(({ status }) => status === 'ACCEPTED').length;
const paths: readonly Path[] = [
  {
    name: 'graphql',
    url: `${server.url}/graphql`,
    bodyOf: (submissions) => JSON.stringify({ query, variables: { events: submissions } }),
    accepted: (answer) => countAccepted((JSON.parse(answer) as Answers).data.ingestEvents),
  },
  {
    name: 'v1/batch',
    url: `${server.url}/v1/batch`,
    bodyOf: (submissions) => JSON.stringify({ batch: submissions.map(messageOf) }),
    accepted: (answer) => countAccepted((JSON.parse(answer) as Answers).receipts),
  },
];

const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };

/** As many callers as keep the writers busy, each sending its next batch when the last one is answered. Answers milliseconds. */
async function send({ url, accepted }: Path, bodies: readonly string[]): Promise<number> {
  const answers: string[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let place = next++; place < bodies.length; place = next++) {
      const response = await fetch(url, { method: 'POST', headers, body: bodies[place] });
      answers.push(await response.text());
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  const elapsed = performance.now() - began;
  const stored = answers.reduce((sum, answer) => sum + accepted(answer), 0);
  if (stored !== bodies.length * batch) throw new Error(`${url}: ${stored} accepted: ${answers[0]?.slice(0, 500)}`);
  return elapsed;
}

const now = Date.now();
let seed = 0;
/** Fresh traffic of the same people, ready to be sent: making the bodies is the callers' own time. */
function bodiesFor({ bodyOf }: Path, count: number): string[] {
  seed += 1;
  const submissions = traffic({ count, people, seed, now }).map(asUser);
  return Array.from({ length: count / batch }, (_, place) => bodyOf(submissions.slice(place * batch, (place + 1) * batch)));
}

/** The newest rows the server stored, to be copied for another workspace. */
async function rowsToCopy(): Promise<EventRow[]> {
  const { rows } = await owner.query<EventRow>(
    `select gen_random_uuid() as id, identity_id as "identityId", source_id as "sourceId", type, occurred_at::text as "occurredAt", received_at::text as "receivedAt",
       identity_ids as "identityIds", properties::text as properties, context::text as context
     from event where workspace_id = $1 order by received_at desc, id limit $2`,
    [workspace.id, events],
  );
  if (rows.length !== events) throw new Error(`${rows.length} rows stored, ${events} sent`);
  return rows.map((row) => ({ ...row, workspaceId: other.id }));
}

say(
  `PostgreSQL with fsync and synchronous_commit on; ${Object.keys(segments).length} segments, ${people} people, ${rounds} rounds of ${events} events a path in batches of ${batch}, ${callers} callers`,
);
const warmUp = Math.max(events, people * 3);
for (const path of paths) await send(path, bodiesFor(path, Math.ceil(warmUp / batch) * batch));
// PostgreSQL plans by what it has counted, and its own counting may still be half a minute away.
await owner.query('vacuum (analyze)');
await owner.query('checkpoint');

interface Seen {
  readonly rate: number;
  readonly ratio: number;
}
const seen = new Map<string, Seen[]>(paths.map(({ name }) => [name, []]));
const copies: number[] = [];
for (let round = 1; round <= rounds; round += 1) {
  const copied = copyText(await rowsToCopy());
  const turns = [...paths.map((path) => ({ path, bodies: bodiesFor(path, events) })), undefined];
  const lines: { name: string; rate: number; node: number; postgres: number }[] = [];
  let copy = Number.NaN;
  for (const turn of round % 2 === 0 ? turns.reverse() : turns) {
    await owner.query('checkpoint');
    if (turn === undefined) {
      copy = (events / (await copyEvents(owner, copied))) * 1000;
      continue;
    }
    const [node, backends] = [cpuOf(server.pid), cpuBelow(postmaster)];
    const rate = (events / (await send(turn.path, turn.bodies))) * 1000;
    lines.push({
      name: turn.path.name,
      rate,
      node: (cpuOf(server.pid) - node) / events,
      postgres: (cpuBelow(postmaster) - backends) / events,
    });
  }
  copies.push(copy);
  for (const { name, rate, node, postgres } of lines) {
    seen.get(name)?.push({ rate, ratio: rate / copy });
    say(
      `round ${round}: ${name.padEnd(8)} ${Math.round(rate)} events/s, COPY ${Math.round(copy)} rows/s, ratio ${(rate / copy).toFixed(3)}; CPU per event: server ${node.toFixed(1)} µs, PostgreSQL ${postgres.toFixed(1)} µs`,
    );
  }
}
await server.stop();
await owner.end();
await postgres.stop();

say(`target ${target}: a floor of our own, nobody has set one for this path`);
for (const { name } of paths) {
  const figures = seen.get(name) ?? [];
  const ratio = median(figures.map((figure) => figure.ratio));
  report({
    bench: 'ingest-http',
    metric: `events/s by ${name}`,
    value: median(figures.map(({ rate }) => rate)),
    baseline: median(copies),
    ratio,
    target,
    pass: ratio >= target,
  });
  if (ratio < target) process.exitCode = 1;
}
