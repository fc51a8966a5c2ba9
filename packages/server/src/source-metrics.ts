import { type Database, listWorkspaces, type SourceHealth, sourceHealth } from '@enishi/core';
import { Gauge } from 'prom-client';
import { heapShare } from './memory.ts';
import type { Metrics } from './metrics.ts';

const numbers: Readonly<Record<'waiting' | 'givenUp' | 'failures' | 'late', readonly [name: string, help: string]>> = {
  waiting: ['enishi_source_waiting', 'Calls to be worked on, sources being polled, backfills under way.'],
  givenUp: ['enishi_source_given_up', 'Calls and backfills that were given up and wait for an operator.'],
  failures: ['enishi_source_failures', 'Failures in a row, the most of any piece of work.'],
  late: ['enishi_source_late_seconds', 'By how much the oldest piece of work is late.'],
};

interface Measured extends SourceHealth {
  readonly workspace: string;
}

/** How sources are doing behind the traffic, and how full the heap is: asked at each scrape. */
export function watchSources({ registry }: Metrics, database: Database, now: () => Date): void {
  const registers = [registry];
  let asked: Promise<Measured[]> | undefined;
  // All gauges of one scrape share one look; while the database is away they say nothing.
  const look = (): Promise<Measured[]> => {
    asked ??= measure(database, now).catch(() => []);
    setImmediate(() => {
      asked = undefined;
    });
    return asked;
  };
  const labelNames = ['workspace', 'source', 'kind'] as const;
  for (const [key, [name, help]] of Object.entries(numbers))
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        const found = await look();
        this.reset();
        for (const { workspace, source, kind, ...counts } of found)
          this.set({ workspace, source, kind }, counts[key as keyof typeof numbers]);
      },
    });
  new Gauge({
    name: 'enishi_heap_share',
    help: 'Share of the largest heap in use, 0 to 1; plugins run in it.',
    registers,
    collect() {
      this.set(heapShare());
    },
  });
}

async function measure(database: Database, now: () => Date): Promise<Measured[]> {
  const workspaces = await listWorkspaces(database);
  const found = await Promise.all(
    workspaces.map(async ({ id, key }) => (await sourceHealth(database, id, now())).map((health) => ({ ...health, workspace: key }))),
  );
  return found.flat();
}
