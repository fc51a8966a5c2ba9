import { parseArgs } from 'node:util';
import {
  type BatchReport,
  createWorkspace,
  Database,
  Line,
  migrate,
  Registry,
  type Submission,
  saveSegment,
  type Workspace,
} from '@enishi/core';
import { copyEvents, copyText, type EventRow, ownerClient } from './copy.ts';
import { cpuOfTree } from './cpu.ts';
import { durablePostgres } from './postgres.ts';
import { median, report, say } from './report.ts';
import { segments, store, traffic } from './world.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    events: { type: 'string', default: '60000' },
    people: { type: 'string', default: '6000' },
    writers: { type: 'string', default: '3' },
    batch: { type: 'string', default: '500' },
    callers: { type: 'string', default: '16' },
  },
});
const [rounds, events, people, writers, batch, callers] = [
  options.rounds,
  options.events,
  options.people,
  options.writers,
  options.batch,
  options.callers,
].map(Number) as [number, number, number, number, number, number];
const target = 0.3;
/** What the benchmark itself threw away, its rows read back and its traffic made, is not for either side to clear up. */
const collectGarbage = (): void => globalThis.gc?.();

const postgres = await durablePostgres();
await migrate(postgres.url);
const owner = await ownerClient(postgres.url);
const workspace = await createWorkspace(postgres.url, { key: 'bench', name: 'Bench', salt: Buffer.alloc(32, 1) });
const other = await createWorkspace(postgres.url, { key: 'copy', name: 'Copy', salt: Buffer.alloc(32, 2) });
const database = await Database.open({ url: postgres.url });
const stages: Record<string, number> = {};
let measured = false;
let restarts = 0;
const onBatch = (done: BatchReport): void => {
  if (measured) restarts += done.restarts;
  if (measured) for (const [stage, milliseconds] of Object.entries(done.stages)) stages[stage] = (stages[stage] ?? 0) + milliseconds;
};
const line = new Line({ database, registry: new Registry([store]), writers, onBatch });

/** Callers each send their next batch when the last one is answered; what waits meanwhile shares a transaction, as it does behind HTTP. */
async function ingest(to: Workspace, submissions: readonly Submission[]): Promise<number> {
  const started = performance.now();
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let start = next; start < submissions.length; start = next) {
      next = start + batch;
      const receipts = await line.accept(to, 'bench', submissions.slice(start, start + batch));
      const refused = receipts.find(({ status }) => status !== 'ACCEPTED');
      if (refused !== undefined) throw new Error(`not accepted: ${JSON.stringify(refused)}`);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return performance.now() - started;
}

/** The very rows the line stored, to be copied for another workspace. */
async function rowsOf(count: number): Promise<EventRow[]> {
  const { rows } = await owner.query(
    `select gen_random_uuid() as id, identity_id as "identityId", source_id as "sourceId", type, occurred_at::text as "occurredAt", received_at::text as "receivedAt",
       identity_ids as "identityIds", properties::text as properties, context::text as context
     from event where workspace_id = $1 order by received_at desc, id limit $2`,
    [workspace.id, count],
  );
  if (rows.length !== count) throw new Error(`${rows.length} rows stored, ${count} sent`);
  return rows.map((row) => ({ ...row, workspaceId: other.id, identityIds: row.identityIds }));
}

for (const [key, rule] of Object.entries(segments)) await saveSegment(line, workspace, { key, name: key, rule });
say(
  `PostgreSQL with fsync and synchronous_commit on; ${Object.keys(segments).length} segments, ${people} people, ${rounds} rounds of ${events} events from ${callers} callers in batches of ${batch}, ${writers} writers`,
);
const now = Date.now();
const before = people * 20;
await ingest(workspace, traffic({ count: before, people, seed: 999, now }));
// Both sides add to a workspace that holds the same already, and neither pays for what autovacuum owes the filling.
await copyEvents(owner, copyText(await rowsOf(before)));
await owner.query('vacuum analyze');
await owner.query('checkpoint');

const ratios: number[] = [];
const rates: { line: number; copy: number; node: number; postgres: number }[] = [];
let copied = copyText(await rowsOf(events));
for (let round = 1; round <= rounds; round += 1) {
  const submissions = traffic({ count: events, people, seed: round, now });
  const measureCopy = async (): Promise<number> => {
    collectGarbage();
    return (events / (await copyEvents(owner, copied))) * 1000;
  };
  const measureLine = async () => {
    collectGarbage();
    measured = true;
    const [node, database] = [process.cpuUsage(), cpuOfTree('postgres')];
    const rate = (events / (await ingest(workspace, submissions))) * 1000;
    const used = process.cpuUsage(node);
    measured = false;
    return { rate, node: (used.user + used.system) / events, postgres: (cpuOfTree('postgres') - database) / events };
  };
  const copyFirst = round % 2 === 0;
  const first = copyFirst ? await measureCopy() : undefined;
  const mine = await measureLine();
  const copy = first ?? (await measureCopy());
  ratios.push(mine.rate / copy);
  rates.push({ line: mine.rate, copy, node: mine.node, postgres: mine.postgres });
  say(
    `round ${round}: line ${Math.round(mine.rate)} events/s, COPY ${Math.round(copy)} rows/s, ratio ${(mine.rate / copy).toFixed(3)}; CPU per event: Node ${mine.node.toFixed(1)} µs, PostgreSQL ${mine.postgres.toFixed(1)} µs`,
  );
  copied = copyText(await rowsOf(events));
}
const total = Object.values(stages).reduce((sum, value) => sum + value, 0);
say(`${restarts} batches started over because another one was changing the same customers`);
say('where a batch spends its time (wall clock, waiting for PostgreSQL included):');
for (const [stage, value] of Object.entries(stages))
  say(
    `  ${stage.padEnd(10)} ${((value / total) * 100).toFixed(1).padStart(5)} %  ${((value * 1000) / (events * rounds)).toFixed(1)} µs per event`,
  );
await line.close();
await database.close();
await owner.end();
await postgres.stop();
const ratio = median(ratios);
report({
  bench: 'ingest',
  metric: 'events/s',
  value: median(rates.map((rate) => rate.line)),
  baseline: median(rates.map((rate) => rate.copy)),
  ratio,
  target,
  pass: ratio >= target,
});
process.exitCode = ratio >= target ? 0 : 1;
