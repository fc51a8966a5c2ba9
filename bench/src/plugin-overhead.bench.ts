import { createHmac } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createWorkspace, Database, Desks, Line, migrate, Registry, type Submission, saveSegment } from '@enishi/core';
import { definePlugin, hmacSignature, type RawRequest, webhook } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { durablePostgres } from './postgres.ts';
import { median, report, say } from './report.ts';
import { completed, rank, segments, store, traffic, viewed } from './world.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    events: { type: 'string', default: '20000' },
    people: { type: 'string', default: '6000' },
    batch: { type: 'string', default: '500' },
  },
});
const [rounds, events, people, batch] = [options.rounds, options.events, options.people, options.batch].map(Number) as [
  number,
  number,
  number,
  number,
];
const target = 0.95;
const secret = 'a secret of the benchmark';

const verify = hmacSignature({ header: 'x-signature', secret, encoding: 'hex' });

const item = z.object({
  id: z.string(),
  type: z.string(),
  at: z.string(),
  identifiers: z.record(z.string(), z.string()),
  properties: z.record(z.string(), z.unknown()),
  traits: z.record(z.string(), z.unknown()).optional(),
  context: z.record(z.string(), z.unknown()).optional(),
});

/** A webhook as plugins write them: a signature over the raw body, a schema, one draft per item. */
const partner = definePlugin({
  name: 'partner',
  description: 'The benchmark partner.',
  config: z.object({}),
  setup: () => ({
    sources: {
      events: webhook({
        description: 'Signed events.',
        body: z.object({ events: z.array(item) }),
        verify,
        receive: (body) => body.events.map(draftOf),
      }),
    },
  }),
})({});

const types = new Map([completed, viewed].map((type) => [type.eventName, type]));

function draftOf({ type, at, traits = {}, ...rest }: z.output<typeof item>) {
  const draft = { ...rest, at: new Date(at), traits: Object.entries(traits).map(([name, value]) => ({ trait: name, value })) };
  const known = types.get(type);
  // What the store itself does not declare comes as it is, such as `enishi.identified`.
  return known === undefined ? { ...draft, type } : known(draft as never);
}

const source = partner.setup({ urlOf: () => '' }).sources?.events;
if (source?.kind !== 'webhook') throw new Error('no webhook');

const postgres = await durablePostgres();
await migrate(postgres.url);
const workspace = await createWorkspace(postgres.url, { key: 'bench', name: 'Bench', salt: Buffer.alloc(32, 1) });
const database = await Database.open({ url: postgres.url });
const registry = new Registry([store, partner]);
const line = new Line({ database, registry });
const desks = new Desks({ database, registry });
for (const [key, rule] of Object.entries(segments)) await saveSegment(line, workspace, { key, name: key, rule });

/** Every caller sends its next batch when the last one is answered. Answers events per second. */
async function ingest(work: readonly (() => Promise<void>)[]): Promise<number> {
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let place = next++; place < work.length; place = next++) await work[place]?.();
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: 8 }, caller));
  return (events / (performance.now() - began)) * 1000;
}

async function accept(submissions: readonly unknown[]): Promise<void> {
  const receipts = await line.accept(workspace, 'partner.events', submissions);
  const refused = receipts.find(({ status }) => status !== 'ACCEPTED');
  if (refused !== undefined) throw new Error(`not accepted: ${JSON.stringify(refused)}`);
}

/** The same bytes without a plugin: signature and JSON, then the line. What is compared is the boundary, not the wire. */
async function take(raw: RawRequest): Promise<void> {
  if (!verify(raw)) throw new Error('not verified');
  await accept((JSON.parse(Buffer.from(raw.body).toString()) as { events: unknown[] }).events);
}

/** As the host runs a webhook: desk, signature, JSON, schema, drafts, then the line. */
async function receive(raw: RawRequest): Promise<void> {
  if (source?.kind !== 'webhook') return;
  const desk = desks.of('partner', workspace, new AbortController().signal);
  if (!(await source.verify(raw, desk))) throw new Error('not verified');
  const shaped = source.body.parse(JSON.parse(Buffer.from(raw.body).toString()));
  await accept(await source.receive(shaped, raw, desk));
}

const batchesOf = (submissions: readonly Submission[]): Submission[][] =>
  Array.from({ length: Math.ceil(submissions.length / batch) }, (_, place) => submissions.slice(place * batch, (place + 1) * batch));

function requestOf(submissions: readonly Submission[]): RawRequest {
  const body = Buffer.from(JSON.stringify({ events: submissions }));
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return { method: 'POST', path: '/hooks/partner/events', query: {}, headers: { 'x-signature': signature }, body };
}

const now = Date.now();
const requests = (seed: number) => batchesOf(traffic({ count: events, people, seed, now })).map(requestOf);
const direct = (seed: number) => ingest(requests(seed).map((raw) => () => take(raw)));
const throughPlugin = (seed: number) => ingest(requests(seed).map((raw) => () => receive(raw)));

say(`${rank.traitName} and ${types.size} event types; ${people} people, ${rounds} rounds of ${events} events in batches of ${batch}`);
await direct(1000);
await throughPlugin(1001);
const pairs: { direct: number; plugin: number }[] = [];
for (let round = 1; round <= rounds; round += 1) {
  const first = round % 2 === 0 ? await direct(round * 2) : undefined;
  const plugin = await throughPlugin(round * 2 + 1);
  const pair = { direct: first ?? (await direct(round * 2)), plugin };
  pairs.push(pair);
  say(`round ${round}: ${Math.round(pair.plugin)} events/s through a plugin's webhook, ${Math.round(pair.direct)} without one`);
}
await line.close();
await desks.close();
await database.close();
await postgres.stop();
const ratio = median(pairs.map((pair) => pair.plugin / pair.direct));
report({
  bench: 'plugin-overhead',
  metric: 'events/s',
  value: median(pairs.map((pair) => pair.plugin)),
  baseline: median(pairs.map((pair) => pair.direct)),
  ratio,
  target,
  pass: ratio >= target,
});
process.exitCode = ratio >= target ? 0 : 1;
