import { fastifyApolloHandler } from '@as-integrations/fastify';
import {
  buildApiSchema,
  contextFor,
  createApollo,
  defaultLimits,
  formatErrorWith,
  type GraphContext,
  type OnFailure,
  type PluginServices,
  requireShort,
  type Services,
  serveLive,
} from '@enishi/api';
import { authenticate, type Feed, Reader } from '@enishi/core';
import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { App } from './http/app.ts';
import type { Logger } from './http/log.ts';
import type { Installation } from './installation.ts';
import type { Metrics } from './metrics.ts';

export interface GraphqlOptions {
  readonly installation: Installation;
  readonly feed: Feed;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly plugins: PluginServices;
}

export interface MountedGraphql {
  /** Sends everybody who is subscribed away, to come back elsewhere. */
  close(): Promise<void>;
}

/** GraphQL over HTTP and over WebSocket, both at `/graphql`. */
export async function mountGraphql(app: App, { installation, feed, metrics, logger, plugins }: GraphqlOptions): Promise<MountedGraphql> {
  const { config, database, registry, line, desks, destinations } = installation;
  const schema = buildApiSchema(config.plugins.flatMap((plugin) => plugin.resolvers));
  const services: Services = { database, registry, line, reader: new Reader(database), destinations, desks, plugins };
  const onFailure: OnFailure = ({ id, error, path }) => logger.error({ failure: id, path, err: error }, 'a resolver failed');
  const apollo = createApollo({ schema, onFailure });
  await apollo.start();
  const handler = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest): Promise<GraphContext> => {
      const { query } = (request.body ?? {}) as { query?: unknown };
      if (typeof query === 'string') requireShort(query, defaultLimits);
      return contextFor(await callerOf(request), services);
    },
  });
  const callerOf = async ({ headers }: FastifyRequest) => {
    const [, key] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    const caller = key === undefined ? undefined : await authenticate(database, key);
    if (caller !== undefined) return caller;
    const message = key === undefined ? 'Send an API key: Authorization: Bearer eni_…' : 'The key is unknown, expired or revoked.';
    throw new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
  };
  app.route({ method: ['GET', 'POST'], url: '/graphql', bodyLimit: config.limits.graphqlBytes, handler });
  const live = serveLive(app.server, {
    schema,
    feed,
    authenticate: (key) => authenticate(database, key),
    contextOf: (caller) => contextFor(caller, services),
    formatError: formatErrorWith(onFailure),
    onFailure: (error) => logger.warn({ err: error }, 'a live connection failed'),
  });
  metrics.watchLive(live.counts);
  return {
    close: async () => {
      await live.close();
      await apollo.stop();
    },
  };
}
