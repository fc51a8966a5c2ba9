import { timingSafeEqual } from 'node:crypto';
import type { Database } from '@enishi/core';
import type { FastifyRequest } from 'fastify';
import type { Config } from './config/config.ts';
import type { App } from './http/app.ts';
import { Refusal } from './http/errors.ts';
import type { Metrics } from './metrics.ts';

export interface Readiness {
  migrated: boolean;
  accepting: boolean;
}

export interface OperationsOptions {
  readonly config: Config;
  readonly database: Database;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
}

/** What machines ask: is the process alive, may it be sent traffic, how is it doing. */
export function mountOperations(app: App, { config, database, metrics, readiness }: OperationsOptions): void {
  app.get('/', () => ({
    name: 'enishi',
    graphql: '/graphql',
    ...(config.http.graphiql ? { graphiql: '/graphiql' } : {}),
    tracking: '/v1/batch',
    webhooks: '/hooks/{plugin}/{source}',
    accountLinks: '/links/{plugin}/{source}/start',
    health: ['/healthz', '/readyz', '/metrics'],
  }));
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const checks = { database: await reachable(database), migrated: readiness.migrated, line: readiness.accepting };
    const ready = Object.values(checks).every(Boolean);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks });
  });
  app.addHook('onResponse', async (request, reply) => {
    // The pattern, not the address: an address per customer would make a time series per customer.
    const route = request.routeOptions.url ?? 'unknown';
    metrics.httpSeconds.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
  });
  if (!config.metrics.enabled) return;
  app.get('/metrics', async (request, reply) => {
    if (!mayRead(request, config.metrics.token)) throw new Refusal(401, 'INVALID_KEY', { message: 'Send the metrics token as Bearer.' });
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

async function reachable(database: Database): Promise<boolean> {
  const { promise: tooLate, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), 3000);
  const ask = database.query(0, 'select 1').then(
    () => true,
    () => false,
  );
  return Promise.race([ask, tooLate]).finally(() => clearTimeout(timer));
}

const local = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

function mayRead({ headers, socket }: FastifyRequest, token: string | undefined): boolean {
  if (token === undefined) return local.has(socket.remoteAddress ?? '') && headers['x-forwarded-for'] === undefined;
  const given = Buffer.from(headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
