import type { AddressInfo } from 'node:net';
import {
  type BatchReport,
  Clock,
  type Database,
  DeliveryWorker,
  Feed,
  finishSegments,
  type Line,
  PluginWorker,
  type Registry,
  saveComputedTraits,
  saveSegment,
  type Workspace,
} from '@enishi/core';
import type { Config, ConfigInput } from './config/config.ts';
import { resolveConfig } from './config/environment.ts';
import { mountGraphiql } from './graphiql/routes.ts';
import { mountGraphql } from './graphql.ts';
import { mountHooks } from './hooks/routes.ts';
import { type App, createApp } from './http/app.ts';
import { createLogger, type Logger } from './http/log.ts';
import { type Installation, openInstallation } from './installation.ts';
import { createIntake } from './intake.ts';
import { mountLinks } from './links/routes.ts';
import { watchMemory } from './memory.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { mountOperations, type Readiness } from './operations.ts';
import { pluginWorkOf } from './plugin-work.ts';
import { watchSources } from './source-metrics.ts';
import { mountTracking } from './tracking/routes.ts';

export interface EnishiServer {
  readonly config: Config;
  /** The Fastify instance: further routes may be added before `listen`. */
  readonly app: App;
  /** Where it listens; before `listen`, where it will be reached. */
  readonly url: string;
  readonly database: Database;
  /** The address of the database as its owner: for migrations and workspaces. */
  readonly databaseUrl: string;
  readonly registry: Registry;
  readonly line: Line;
  readonly clock: Clock;
  readonly feed: Feed;
  readonly deliveries: DeliveryWorker;
  /** Calls answered before they were worked on, polls and backfills. */
  readonly plugins: PluginWorker;
  readonly workspaces: readonly Workspace[];
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Answers the address it listens on. */
  listen(): Promise<string>;
  /** Says 503, refuses new connections, stores what is under way, closes sockets, then lets go of the database. */
  close(): Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

export interface ServerOptions {
  readonly logger?: Logger;
  readonly now?: () => Date;
  /** Whether timers and deliveries run by themselves. Default true; a test may drive them instead. */
  readonly background?: boolean;
}

/** Puts one process together: database, line, clock, deliveries, GraphQL, live, tracking API, webhooks. Nothing listens yet. */
export async function createServer(input: ConfigInput, options: ServerOptions = {}): Promise<EnishiServer> {
  const config = resolveConfig(input);
  const logger = options.logger ?? createLogger(config.log.level);
  const now = options.now ?? (() => new Date());
  const metrics = createMetrics();
  const readiness: Readiness = { migrated: true, accepting: true };
  const app = await createApp(config, { logger, closing: () => !readiness.accepting });
  const url = (): string => listening(app) ?? config.http.publicUrl ?? `http://localhost:${config.http.port}`;
  const publicUrl = (): string => config.http.publicUrl ?? url();
  const installation = await openInstallation({
    config,
    logger,
    now,
    publicUrl,
    onBatch: (report) => countBatch(metrics, report),
    onReceipts: metrics.receipts,
  });
  // What is opened is closed in the opposite order: at the end of the server, or here where the rest cannot be opened.
  await using opened = new AsyncDisposableStack();
  opened.defer(() => installation.close());
  const { database, registry, line, desks, workspaces, sources, destinations } = installation;
  opened.defer(async () => void (await Promise.allSettled([...destinations.values()].map((destination) => destination.close?.()))));
  const onError = (error: unknown): void => logger.error({ err: error }, 'background work failed');
  const clock = new Clock(line, onError);
  const feed = new Feed({ database, onError });
  opened.defer(() => feed.stop());
  const deliveries = new DeliveryWorker({
    database,
    desks,
    destinations,
    onError,
    now,
    onAttempt: (destination, decision) => metrics.deliveries.inc({ destination, outcome: decision.status }),
  });

  const plugins = new PluginWorker({
    ...pluginWorkOf(installation),
    now,
    onError,
    onWork: (source, outcome, reason) => {
      metrics.pluginWork.inc({ source, outcome });
      if (outcome === 'failed' || outcome === 'given-up') logger.warn({ source, outcome, reason }, 'work for a source failed');
    },
  });
  opened.defer(() => plugins.stop());
  opened.defer(() => deliveries.stop());
  opened.defer(() => clock.stop());

  watchSources(metrics, database, now);
  const { heapShare: share } = config.pluginLimits;
  const atWork = (): readonly string[] => desks.usedWithin(60);
  opened.defer(watchMemory({ share, atWork, onFull: (facts) => logger.warn(facts, 'the heap is nearly full while these plugins work') }));
  mountOperations(app, { config, database, metrics, readiness });
  const intake = createIntake({ config, database, registry, line, now });
  mountTracking(app, intake);
  mountHooks(app, { intake, sources, desks, onStored: () => plugins.wake() });
  mountLinks(app, { installation, publicUrl, now, onStored: () => plugins.wake() });
  if (config.http.graphiql) mountGraphiql(app);
  // Live connections go first: an open one would keep the HTTP server from closing.
  opened.defer(() => app.close());
  const graphql = await mountGraphql(app, {
    installation,
    feed,
    metrics,
    logger,
    plugins: { sources, publicUrl, wake: () => plugins.wake() },
  });
  opened.defer(() => graphql.close());
  for (const workspace of workspaces) {
    await saveComputedTraits(line, workspace);
    await finishSegments(line, workspace);
  }
  await bringSegments(installation);
  await feed.start();
  if (options.background ?? true) {
    clock.start();
    await deliveries.start();
    plugins.start();
  }

  const running = opened.move();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      readiness.accepting = false;
      await pause(config.shutdown.noticeSeconds);
      await running.disposeAsync();
    })();
    return closing;
  };
  return {
    config,
    app,
    get url() {
      return url();
    },
    database,
    databaseUrl: config.database.ownerUrl ?? installation.url,
    registry,
    line,
    clock,
    feed,
    deliveries,
    plugins,
    workspaces,
    metrics,
    logger,
    listen: async () => {
      await app.listen({ host: config.http.host, port: config.http.port });
      logger.info({ url: url() }, 'listening');
      return url();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function listening({ server }: App): string | undefined {
  const address: AddressInfo | string | null = server.address();
  return address === null || typeof address === 'string' ? undefined : `http://localhost:${address.port}`;
}

const pause = (seconds: number): Promise<void> =>
  seconds === 0 ? Promise.resolve() : new Promise((done) => setTimeout(done, seconds * 1000));

/** Segments that plugins bring along are made once; what an operator did to them since, archived them even, stays. */
async function bringSegments({ config, workspaces, database, line }: Installation): Promise<void> {
  const definitions = config.plugins.flatMap((plugin) => plugin.segments);
  if (definitions.length === 0) return;
  for (const workspace of workspaces) {
    const known = await database.query<{ key: string }>(workspace.id, 'select key from segment where workspace_id = $1', [workspace.id]);
    const keys = new Set(known.map(({ key }) => key));
    for (const { key, name, rule } of definitions) if (!keys.has(key)) await saveSegment(line, workspace, { key, name, rule });
  }
}

function countBatch(metrics: Metrics, report: BatchReport): void {
  metrics.batchEvents.observe(report.events);
  metrics.transitions.inc(report.transitions);
  metrics.traitsDropped.inc(report.traitsDropped);
  for (const [stage, milliseconds] of Object.entries(report.stages)) metrics.stageSeconds.observe({ stage }, milliseconds / 1000);
}
