import type { Desks } from '@enishi/core';
import type { Source, WebhookSource } from '@enishi/plugin-sdk';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../http/app.ts';
import { rawBody } from '../http/body.ts';
import { Refusal } from '../http/errors.ts';
import { one, rawOf, sendPage } from '../http/raw.ts';
import { workspaceOf } from '../http/workspaces.ts';
import type { Intake } from '../intake.ts';
import { Gate } from './gate.ts';
import { pluginCall } from './plugin-call.ts';
import { receiveCall } from './receive.ts';

interface HookParameters {
  readonly plugin: string;
  readonly source: string;
}

type HookRequest = FastifyRequest<{ Params: HookParameters; Querystring: Record<string, string | string[] | undefined> }>;

export interface HookOptions {
  readonly intake: Intake;
  readonly sources: ReadonlyMap<string, Source>;
  readonly desks: Desks;
  /** A call has been stored to be worked on later. */
  readonly onStored: () => void;
}

/** The endpoints vendors call: `POST /hooks/{plugin}/{source}?workspace=main`. A `GET` shows the plugin's page to a person. */
export function mountHooks(app: App, options: HookOptions): void {
  const { config } = options.intake;
  const gate = new Gate(config.pluginLimits.hookCalls);
  const within = (request: HookRequest, work: () => Promise<FastifyReply>): Promise<FastifyReply> =>
    gate.enter(`${request.method} ${request.params.plugin}.${request.params.source}`, work);
  app.register(async (routes) => {
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser('*', { ...rawBody, bodyLimit: config.limits.hookBytes }, (_request, body, done) => done(null, body));
    routes.get('/hooks/:plugin/:source', (request: HookRequest, reply) => within(request, () => show(request, reply, options)));
    routes.post('/hooks/:plugin/:source', (request: HookRequest, reply) => within(request, () => receive(request, reply, options)));
  });
}

function webhookOf({ params }: HookRequest, sources: ReadonlyMap<string, Source>): WebhookSource {
  const source = sources.get(`${params.plugin}.${params.source}`);
  if (source?.kind === 'webhook') return source;
  throw new Refusal(404, 'UNKNOWN_SOURCE', { message: 'There is no such webhook.' });
}

async function prepare(request: HookRequest, { intake, sources, desks }: HookOptions) {
  const source = webhookOf(request, sources);
  const { config, database } = intake;
  const workspace = await workspaceOf(database, one(request.query.workspace) ?? config.workspaces[0]?.key ?? 'main');
  const { plugin } = request.params;
  return { source, workspace, plugin: pluginCall({ desks, plugin, workspace, seconds: config.limits.hookSeconds }) };
}

async function show(request: HookRequest, reply: FastifyReply, options: HookOptions): Promise<FastifyReply> {
  const { page } = webhookOf(request, options.sources);
  if (page === undefined) {
    reply.header('allow', 'POST');
    throw new Refusal(405, 'METHOD_NOT_ALLOWED', { message: 'This webhook takes POST only.' });
  }
  const { plugin } = await prepare(request, options);
  return sendPage(reply, await plugin((desk) => page(rawOf(request), desk)));
}

async function receive(request: HookRequest, reply: FastifyReply, options: HookOptions): Promise<FastifyReply> {
  const { source, workspace, plugin } = await prepare(request, options);
  const { intake, onStored } = options;
  const key = `${request.params.plugin}.${request.params.source}`;
  const answer = await receiveCall({ intake, workspace, source, key, raw: rawOf(request), plugin, onStored });
  return 'page' in answer ? sendPage(reply, answer.page) : reply.code(answer.status).send(answer.body);
}
