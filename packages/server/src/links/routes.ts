import {
  accountLinkSource,
  backfillNote,
  findJourney,
  type Journey,
  type Line,
  takeJourney,
  type Workspace,
  workspaceOfState,
} from '@enishi/core';
import type { AccountLinkSource, Departure, Source } from '@enishi/plugin-sdk';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Gate } from '../hooks/gate.ts';
import { pluginCall } from '../hooks/plugin-call.ts';
import type { App } from '../http/app.ts';
import { Refusal } from '../http/errors.ts';
import { one, rawOf, sendPage } from '../http/raw.ts';
import { workspaceOf } from '../http/workspaces.ts';
import type { Installation } from '../installation.ts';
import { endPage, type LinkEnd } from './pages.ts';

interface LinkParameters {
  readonly plugin: string;
  readonly source: string;
}

type LinkRequest = FastifyRequest<{ Params: LinkParameters; Querystring: Record<string, string | string[] | undefined> }>;

export interface LinkOptions {
  readonly installation: Pick<Installation, 'config' | 'database' | 'desks' | 'sources'> & { readonly line: Line };
  readonly publicUrl: () => string;
  readonly now: () => Date;
  /** A backfill has been left for the worker. */
  readonly onStored: () => void;
}

/** Where people go to connect an account, and where the vendor sends them back to. The state says whom it is for. */
export function mountLinks(app: App, options: LinkOptions): void {
  const gate = new Gate(options.installation.config.pluginLimits.hookCalls);
  const within = (request: LinkRequest, work: () => Promise<FastifyReply>): Promise<FastifyReply> =>
    gate.enter(`${request.params.plugin}.${request.params.source}`, work);
  app.get('/links/:plugin/:source/start', (request: LinkRequest, reply) => within(request, () => start(request, reply, options)));
  app.get('/links/:plugin/:source/return', (request: LinkRequest, reply) => within(request, () => arrive(request, reply, options)));
}

interface Traveller {
  readonly key: string;
  readonly source: AccountLinkSource;
  readonly state: string;
  /** `undefined` where the state names none. */
  readonly workspace: Workspace | undefined;
}

async function travellerOf({ params, query }: LinkRequest, { installation }: LinkOptions): Promise<Traveller> {
  const key = `${params.plugin}.${params.source}`;
  const source = linkOf(installation.sources, key);
  const state = one(query.state) ?? '';
  const workspace = await workspaceOf(installation.database, workspaceOfState(state)).catch((error: unknown) => {
    if (error instanceof Refusal && error.statusCode === 404) return undefined;
    throw error;
  });
  return { key, source, state, workspace };
}

function linkOf(sources: ReadonlyMap<string, Source>, key: string): AccountLinkSource {
  try {
    return accountLinkSource(sources, key);
  } catch {
    throw new Refusal(404, 'UNKNOWN_SOURCE', { message: 'There is no such account link.' });
  }
}

const departureOf = ({ identifiers }: Journey, { key, state }: Traveller, publicUrl: string): Departure => ({
  identifiers,
  state,
  returnUrl: `${publicUrl}/links/${key.replace('.', '/')}/return`,
});

async function start(request: LinkRequest, reply: FastifyReply, options: LinkOptions): Promise<FastifyReply> {
  const traveller = await travellerOf(request, options);
  const { installation, now, publicUrl } = options;
  const { workspace, source, state, key } = traveller;
  const journey = workspace && (await findJourney(installation.database, workspace.id, { state, source: key, now: now() }));
  if (workspace === undefined || journey === undefined) return end(request, reply, 'expired');
  const departure = departureOf(journey, traveller, publicUrl());
  const plugin = callIn(installation, request, workspace);
  const address = await plugin((desk) => source.depart(departure, desk)).catch(refuseToBegin);
  if (!/^https?:/i.test(address)) throw new Refusal(502, 'BAD_ADDRESS', { message: 'The plugin answered no address to go to.' });
  // The state stands in the address: it must not go on to whatever the vendor's page loads.
  return reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store').redirect(address, 302);
}

/** When to come back is in a refusal already; whatever else is thrown, the plugin or its partner failed. */
function refuseToBegin(error: unknown): never {
  if (error instanceof Refusal) throw error;
  throw new Refusal(502, 'ACCOUNT_LINK_FAILED', {
    message: 'The account link could not begin now. Go back and start again in a while.',
    cause: error,
  });
}

const callIn = ({ desks, config }: LinkOptions['installation'], { params }: LinkRequest, workspace: Workspace) =>
  pluginCall({ desks, plugin: params.plugin, workspace, seconds: config.limits.hookSeconds });

async function arrive(request: LinkRequest, reply: FastifyReply, options: LinkOptions): Promise<FastifyReply> {
  const traveller = await travellerOf(request, options);
  const { installation, now } = options;
  const { workspace, state, key } = traveller;
  const journey = workspace && (await takeJourney(installation.database, workspace.id, { state, source: key, now: now() }));
  if (workspace === undefined || journey === undefined) return end(request, reply, 'expired');
  try {
    await connect(request, options, { traveller, workspace, journey });
    return end(request, reply, 'connected');
  } catch (error) {
    if (error instanceof Error && error.name === 'GiveUp') return end(request, reply, 'refused');
    request.log.error({ err: error, source: key }, 'an account could not be connected');
    return end(request, reply, 'failed');
  }
}

async function connect(
  request: LinkRequest,
  { installation, now, publicUrl, onStored }: LinkOptions,
  { traveller, workspace, journey }: { traveller: Traveller; workspace: Workspace; journey: Journey },
): Promise<void> {
  const departure = departureOf(journey, traveller, publicUrl());
  const plugin = callIn(installation, request, workspace);
  const { drafts, backfill } = await plugin((desk) => traveller.source.arrive(rawOf(request), departure, desk));
  if (backfill === undefined) return void (await installation.line.accept(workspace, traveller.key, drafts));
  const wanted = { source: `${request.params.plugin}.${backfill.source}`, options: backfill.options, now: now() };
  const note = backfillNote(installation.sources, workspace.id, wanted);
  await installation.line.acceptPage(workspace, traveller.key, { submissions: drafts, note });
  onStored();
}

function end(request: LinkRequest, reply: FastifyReply, how: LinkEnd): FastifyReply {
  reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store').header('vary', 'accept-language');
  return sendPage(reply, endPage(how, request.headers['accept-language']));
}
