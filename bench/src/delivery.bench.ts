import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { migrate } from '@enishi/core';
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { Accepted, createMailing, healthy, mail } from './delivery-world.ts';
import { durablePostgres } from './postgres.ts';
import { median, report, say } from './report.ts';

const { values: options } = parseArgs({
  options: {
    people: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '5' },
    latency: { type: 'string', default: '20' },
  },
});
const [people, rounds, latency] = [options.people, options.rounds, options.latency].map(Number) as [number, number, number];
const target = 0.9;

const [good, flaky, quick] = [new Accepted(), new Accepted(), new Accepted()];
const postgres = await durablePostgres();
await migrate(postgres.url);
const mailing = await createMailing(postgres.url, {
  people,
  groups: {
    good: { first: healthy(good, latency), second: healthy(good, latency), third: healthy(good, latency) },
    bad: {
      hanging: mail({ batchSize: 50, timeoutSeconds: 5, send: () => new Promise(() => {}) }),
      flaky: mail({
        batchSize: 50,
        send: async (deliveries) =>
          deliveries.map(({ id }) => {
            if (Math.random() < 0.5) return { status: 'retry', reason: 'busy', afterSeconds: 1 };
            flaky.take(id);
            return { status: 'delivered' };
          }),
      }),
    },
    quick: { quick: healthy(quick, 0) },
  },
});
say(`PostgreSQL with fsync and synchronous_commit on; ${people} people, ${rounds} rounds; a healthy partner answers after ${latency} ms`);
await mailing.worker.start();

/** Deliveries per second to the three healthy destinations, from the moment they are planned. */
async function healthyRate(amid: boolean): Promise<number> {
  if (amid) await mailing.plan('bad');
  const count = await mailing.plan('good');
  const began = performance.now();
  await good.next(count);
  const rate = (count / (performance.now() - began)) * 1000;
  await mailing.clear();
  // The calls that hang are given up after their five seconds: what comes next must not find them under way.
  if (amid) await pause(6000);
  await mailing.tidy();
  return rate;
}

await healthyRate(false);
const pairs: { alone: number; amid: number }[] = [];
let before = await healthyRate(false);
for (let round = 1; round <= rounds; round += 1) {
  // Between two measurements alone: a table that grows and a machine that slows down burden both sides alike.
  const amid = await healthyRate(true);
  const after = await healthyRate(false);
  const alone = (before + after) / 2;
  before = after;
  pairs.push({ alone, amid });
  say(`round ${round}: ${Math.round(alone)} deliveries/s alone, ${Math.round(amid)} beside a hanging and a failing destination`);
}

/** Deliveries per second with a destination that takes everything at once, against jobs that do nothing. */
async function quickRate(): Promise<number> {
  const began = performance.now();
  const count = await mailing.plan('quick');
  await quick.next(count);
  return (count / (performance.now() - began)) * 1000;
}

const silent = new Logger(() => () => {});
const utils = await makeWorkerUtils({ connectionString: postgres.url, logger: silent });
await utils.migrate();

/** As its documentation says for speed: jobs fetched and completed in batches, as many at once as we have deliveries under way. */
async function jobRate(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = people;
  const began = performance.now();
  await utils.addJobs(Array.from({ length: people }, (_, place) => ({ identifier: 'send', payload: { id: place, text: 'ようこそ' } })));
  const runner = await run({
    connectionString: postgres.url,
    noHandleSignals: true,
    logger: silent,
    preset: { worker: { concurrentJobs: 200, maxPoolSize: 10, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    taskList: {
      send: async () => {
        left -= 1;
        if (left === 0) resolve();
      },
    },
  });
  await promise;
  const rate = (people / (performance.now() - began)) * 1000;
  await runner.stop();
  return rate;
}

const against: { ours: number; theirs: number }[] = [];
await quickRate();
await jobRate();
for (let round = 1; round <= rounds; round += 1) {
  const [ours, theirs] = round % 2 === 0 ? [await quickRate(), await jobRate()] : ((one) => one)(await other());
  against.push({ ours, theirs });
  say(`round ${round}: ${Math.round(ours)} deliveries/s, graphile-worker ${Math.round(theirs)} jobs/s`);
}

async function other(): Promise<[number, number]> {
  const theirs = await jobRate();
  return [await quickRate(), theirs];
}

good.requireOnce((2 * rounds + 2) * 3 * people);
quick.requireOnce((rounds + 1) * people);
flaky.requireOnce(flaky.keys.size);
say(`every one of ${good.keys.size + quick.keys.size + flaky.keys.size} idempotency keys was accepted exactly once`);
await utils.release();
await mailing.close();
await postgres.stop();

const peer = median(against.map(({ ours, theirs }) => ours / theirs));
report({
  bench: 'delivery-peer',
  metric: 'deliveries/s',
  value: median(against.map(({ ours }) => ours)),
  baseline: median(against.map(({ theirs }) => theirs)),
  ratio: peer,
  target: 0,
  pass: true,
});
const ratio = median(pairs.map(({ alone, amid }) => amid / alone));
report({
  bench: 'delivery',
  metric: 'deliveries/s',
  value: median(pairs.map(({ amid }) => amid)),
  baseline: median(pairs.map(({ alone }) => alone)),
  ratio,
  target,
  pass: ratio >= target,
});
process.exit(ratio >= target ? 0 : 1);
