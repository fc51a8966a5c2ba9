import type { Receipt } from '@enishi/core';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly receipts: (source: string, receipts: readonly Receipt[]) => void;
  readonly httpSeconds: Histogram<'method' | 'route' | 'status'>;
  readonly batchEvents: Histogram;
  readonly stageSeconds: Histogram<'stage'>;
  readonly transitions: Counter;
  readonly traitsDropped: Counter;
  readonly deliveries: Counter<'destination' | 'outcome'>;
  readonly pluginWork: Counter<'source' | 'outcome'>;
  /** Asked at each scrape. */
  readonly watchLive: (counts: () => LiveCounts) => void;
}

export interface LiveCounts {
  readonly sockets: number;
  readonly subscriptions: number;
  readonly executions: number;
}

const live: Readonly<Record<keyof LiveCounts, readonly [name: string, help: string]>> = {
  sockets: ['enishi_live_sockets', 'Open WebSockets.'],
  subscriptions: ['enishi_live_subscribers', 'Open live subscriptions.'],
  executions: ['enishi_live_executions', 'Distinct subscriptions, each executed once for all who share it.'],
};

/** Prometheus numbers of one server. Not the library's global registry: two servers in one process would count into each other. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const receipts = new Counter({
    name: 'enishi_receipts_total',
    help: 'Events answered, by source and receipt status.',
    labelNames: ['source', 'status'] as const,
    registers,
  });
  return {
    registry,
    receipts: (source, answered) => {
      const counts = new Map<string, number>();
      for (const { status } of answered) counts.set(status, (counts.get(status) ?? 0) + 1);
      for (const [status, count] of counts) receipts.inc({ source, status }, count);
    },
    httpSeconds: new Histogram({
      name: 'enishi_http_request_seconds',
      help: 'Time to answer a request.',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    batchEvents: new Histogram({
      name: 'enishi_batch_events',
      help: 'Events that went through the line in one transaction.',
      buckets: [1, 5, 25, 100, 250, 500, 1000, 2500],
      registers,
    }),
    stageSeconds: new Histogram({
      name: 'enishi_batch_stage_seconds',
      help: 'Time one batch spent in a stage of the line.',
      labelNames: ['stage'] as const,
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
      registers,
    }),
    transitions: new Counter({
      name: 'enishi_segment_transitions_total',
      help: 'Customers that entered or left a segment.',
      registers,
    }),
    traitsDropped: new Counter({
      name: 'enishi_traits_dropped_total',
      help: 'Values not learnt, because their customer has all the traits there may be.',
      registers,
    }),
    deliveries: new Counter({
      name: 'enishi_deliveries_total',
      help: 'Attempts to deliver, by destination and outcome.',
      labelNames: ['destination', 'outcome'] as const,
      registers,
    }),
    pluginWork: new Counter({
      name: 'enishi_plugin_work_total',
      help: 'Calls worked on later, polled pages and backfilled pages, by source and outcome.',
      labelNames: ['source', 'outcome'] as const,
      registers,
    }),
    watchLive: (counts) => {
      // It registers itself.
      for (const [key, [name, help]] of Object.entries(live))
        new Gauge({
          name,
          help,
          registers,
          collect() {
            this.set(counts()[key as keyof LiveCounts]);
          },
        });
    },
  };
}
