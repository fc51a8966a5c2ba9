import { type Database, loadWorkspace, type Receipt, type Workspace } from '@enishi/core';
import type { Page, RawRequest, Source, WebhookSource } from '@enishi/plugin-sdk';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../http/app.ts';
import { rawBody } from '../http/body.ts';
import { Refusal, unavailable } from '../http/errors.ts';
import type { Intake } from '../intake.ts';
import { parseHookBody } from './body.ts';

interface HookParameters {
  readonly plugin: string;
  readonly source: string;
}

type HookRequest = FastifyRequest<{ Params: HookParameters; Querystring: Record<string, string | string[] | undefined> }>;

/** The endpoints vendors call: `POST /hooks/{plugin}/{source}?workspace=main`. A `GET` shows the plugin's page to a person. */
export function mountHooks(app: App, intake: Intake, sources: ReadonlyMap<string, Source>): void {
  app.register(async (routes) => {
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser('*', { ...rawBody, bodyLimit: intake.config.limits.hookBytes }, (_request, body, done) => done(null, body));
    routes.get('/hooks/:plugin/:source', async (request: HookRequest, reply) => show(request, reply, sources));
    routes.post('/hooks/:plugin/:source', async (request: HookRequest, reply) => receive(request, reply, { intake, sources }));
  });
}

function webhookOf({ params }: HookRequest, sources: ReadonlyMap<string, Source>): WebhookSource {
  const source = sources.get(`${params.plugin}.${params.source}`);
  if (source?.kind === 'webhook') return source;
  throw new Refusal(404, 'UNKNOWN_SOURCE', { message: 'There is no such webhook.' });
}

async function show(request: HookRequest, reply: FastifyReply, sources: ReadonlyMap<string, Source>): Promise<FastifyReply> {
  const source = webhookOf(request, sources);
  if (source.page === undefined) {
    reply.header('allow', 'POST');
    throw new Refusal(405, 'METHOD_NOT_ALLOWED', { message: 'This webhook takes POST only.' });
  }
  return send(reply, source.page(rawOf(request)));
}

function send(reply: FastifyReply, page: Page): FastifyReply {
  // A page asks a person to confirm, so it may post its form back here and style itself; it runs no script.
  reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'");
  return reply.code(page.status).type(page.contentType).send(page.body);
}

async function receive(
  request: HookRequest,
  reply: FastifyReply,
  { intake, sources }: { intake: Intake; sources: ReadonlyMap<string, Source> },
): Promise<{ receipts: Receipt[] } | FastifyReply> {
  const source = webhookOf(request, sources);
  const workspace = await workspaceOf(request, intake);
  const raw = rawOf(request);
  if (!source.verify(raw)) throw new Refusal(401, 'INVALID_SIGNATURE', { message: 'The signature is missing or wrong.' });
  const body = await parseHookBody(raw.body, raw.headers['content-type']);
  const shaped = source.body.safeParse(body);
  if (!shaped.success) {
    const violations = shaped.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
    throw new Refusal(400, 'INVALID_BODY', { message: 'The body does not have the shape this webhook takes.', details: { violations } });
  }
  const drafts = await inTime(Promise.resolve(source.receive(shaped.data, raw)), intake.config.limits.hookSeconds);
  const { plugin, source: name } = request.params;
  const receipts = await intake.accept(workspace, `${plugin}.${name}`, drafts);
  const page = source.answer?.(raw);
  return page === undefined ? { receipts } : send(reply, page);
}

const known = new WeakMap<Database, Map<string, Workspace>>();

/** Workspaces are never renamed or removed, so each is looked up once. */
async function workspaceOf({ query }: HookRequest, { config, database }: Intake): Promise<Workspace> {
  const key = one(query.workspace) ?? config.workspaces[0]?.key ?? 'main';
  const found = known.get(database) ?? new Map<string, Workspace>();
  known.set(database, found);
  const remembered = found.get(key);
  if (remembered !== undefined) return remembered;
  const workspace = await loadWorkspace(database, key).catch((error: unknown) => {
    throw unavailable('The workspace cannot be looked up now.', error);
  });
  if (workspace === undefined) throw new Refusal(404, 'UNKNOWN_WORKSPACE', { message: `There is no workspace "${key.slice(0, 64)}".` });
  found.set(key, workspace);
  return workspace;
}

/** A plugin that hangs must not hold its caller for ever: vendors give up on an endpoint that does not answer. */
async function inTime<TResult>(work: Promise<TResult>, seconds: number): Promise<TResult> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(unavailable(`The plugin did not answer within ${seconds} seconds.`)), seconds * 1000);
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

function rawOf(request: HookRequest): RawRequest {
  const flat = (record: Record<string, string | string[] | undefined>): Record<string, string | undefined> =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, one(value)]));
  return {
    method: request.method,
    path: request.url.split('?', 1)[0] ?? '',
    query: flat(request.query),
    headers: flat(request.headers),
    body: request.body instanceof Buffer ? request.body : new Uint8Array(),
  };
}
