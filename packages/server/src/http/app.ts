import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import type { Config } from '../config/config.ts';
import { decodeUtf8 } from './body.ts';
import { answerError, answerUnknown } from './errors.ts';
import type { Logger } from './log.ts';

export type App = FastifyInstance;

/** A caller's own request id is kept where it cannot break a log line. */
const wellFormed = /^[\w.:@/+=-]{1,128}$/;

const requestId = ({ headers }: { headers: Record<string, string | string[] | undefined> }): string => {
  const given = headers['x-request-id'];
  return typeof given === 'string' && wellFormed.test(given) ? given : randomUUID();
};

/** Health and metrics are asked every few seconds: logging them would bury everything else. */
const quiet = new Set(['/healthz', '/readyz', '/metrics']);

export interface AppOptions {
  readonly logger: Logger;
  readonly closing: () => boolean;
}

/** The HTTP server without its routes: request ids, logs, limits, security headers, masked errors. */
export async function createApp({ http, limits }: Config, { logger, closing }: AppOptions): Promise<App> {
  const app: App = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    genReqId: requestId,
    // Logged by the hook below: one line per request, with its outcome.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    trustProxy: http.trustProxy,
    bodyLimit: limits.requestBytes,
    requestTimeout: limits.requestSeconds * 1000,
    // Java's own client offers `Upgrade: h2c` with every call by plain HTTP: left to itself Node would hand those to the WebSocket server.
    http: { shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket' },
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: true,
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
  });
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  // A connection that stays open after its last answer would hold up the end until it times out.
  app.addHook('onSend', async (_request, reply) => void (closing() && reply.header('connection', 'close')));
  app.addHook('onResponse', async (request, reply) => {
    if (quiet.has(request.url)) return;
    request.log.info({ req: request, res: reply, milliseconds: Math.round(reply.elapsedTime * 10) / 10 }, 'request');
  });
  acceptJson(app);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerUnknown);
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] } },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  await app.register(cors, {
    origin: http.cors.includes('*') ? '*' : http.cors,
    methods: ['GET', 'POST', 'OPTIONS'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: 86_400,
  });
  return app;
}

/** JSON whose bytes are not UTF-8 is refused: decoded loosely it would store broken names as if they were right. */
function acceptJson(app: App): void {
  app.removeContentTypeParser('application/json');
  const parse = app.getDefaultJsonParser('remove', 'remove');
  app.addContentTypeParser<Buffer>(/^application\/(?:[\w.-]+\+)?json/i, { parseAs: 'buffer' }, (request: FastifyRequest, body, done) => {
    const text = decodeUtf8(body);
    if (text === undefined)
      return done(Object.assign(new Error('The body is not valid UTF-8.'), { statusCode: 400, code: 'INVALID_UTF8' }));
    void parse(request, text, done);
  });
}
