import { type Call, claimCall, finishCall, type Receipt, releaseCall, storeCall, type Workspace } from '@enishi/core';
import type { Page, RawRequest, WebhookSource } from '@enishi/plugin-sdk';
import { Refusal, unavailable } from '../http/errors.ts';
import type { Intake } from '../intake.ts';
import { parseHookBody } from './body.ts';
import type { PluginCall } from './plugin-call.ts';

/** One call of a webhook with everything it takes to work on it. */
export interface HookCall {
  readonly intake: Intake;
  readonly workspace: Workspace;
  readonly source: WebhookSource;
  /** Such as `ec.orders`. */
  readonly key: string;
  readonly raw: RawRequest;
  readonly plugin: PluginCall;
  /** Something has been left for the worker. */
  readonly onStored: () => void;
}

/** What the vendor is answered: a page of the plugin's, or what became of the call. */
export type HookAnswer =
  | { readonly page: Page }
  | { readonly status: 200; readonly body: { readonly receipts: readonly Receipt[]; readonly replayed?: true } }
  /** Kept, to be worked on: `call` finds it. */
  | { readonly status: 202; readonly body: { readonly call: string } };

const replayed: HookAnswer = { status: 200, body: { receipts: [], replayed: true } };

/** Checks who calls and what they send, then takes it in: at once, or into the inbox. */
export async function receiveCall(call: HookCall): Promise<HookAnswer> {
  const { source, raw, plugin, key } = call;
  if (!(await plugin((desk) => source.verify(raw, desk))))
    throw new Refusal(401, 'INVALID_SIGNATURE', { message: 'The signature is missing or wrong.' });
  const body = await parseHookBody(raw.body, raw.headers['content-type']);
  const shaped = source.body.safeParse(body);
  if (!shaped.success) {
    const violations = shaped.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
    throw new Refusal(400, 'INVALID_BODY', { message: 'The body does not have the shape this webhook takes.', details: { violations } });
  }
  const id = await plugin(() => source.callId?.(raw));
  const known = id === undefined ? undefined : { source: key, id };
  const answer = source.work === 'later' ? await keep(call, id) : await once(call, known, () => work(call, shaped.data));
  const page = await plugin((desk) => source.answer?.(raw, desk));
  return page === undefined ? answer : { page };
}

async function keep({ intake, workspace, key, raw, onStored }: HookCall, callId: string | undefined): Promise<HookAnswer> {
  const { database, now } = intake;
  const stored = await storeCall(database, workspace.id, { source: key, request: raw, now: now(), callId }).catch((error: unknown) => {
    throw unavailable('The call could not be stored now. Send it again.', error);
  });
  if (stored === undefined) return replayed;
  onStored();
  return { status: 202, body: { call: stored } };
}

/** A call that was worked on is answered and does nothing; one that came to nothing may be sent again. */
async function once({ intake, workspace }: HookCall, call: Call | undefined, work: () => Promise<HookAnswer>): Promise<HookAnswer> {
  if (call === undefined) return work();
  const { database, config, now } = intake;
  const claim = { call, now: now(), seconds: config.limits.hookSeconds + config.limits.requestSeconds };
  const state = await claimCall(database, workspace.id, claim).catch((error: unknown) => {
    throw unavailable('The call could not be looked up now. Send it again.', error);
  });
  if (state === 'done') return replayed;
  if (state === 'busy') throw new Refusal(503, 'BUSY', { message: 'The same call is being worked on.', retryAfter: 2 });
  try {
    const answer = await work();
    await finishCall(database, workspace.id, { call, now: now() });
    return answer;
  } catch (error) {
    // If this fails too, the claim runs out by itself.
    await releaseCall(database, workspace.id, call).catch(() => {});
    throw error;
  }
}

async function work(call: HookCall, body: unknown): Promise<HookAnswer> {
  const { intake, workspace, source, key, raw, plugin } = call;
  try {
    const drafts = await plugin((desk) => source.receive(body, raw, desk));
    return { status: 200, body: { receipts: await intake.accept(workspace, key, drafts) } };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'GiveUp') throw error;
    // Sent again it would come to the same: kept for an operator, and the vendor is let go.
    const givenUp = error.message.replaceAll('\0', '').slice(0, 1000) || 'the plugin gave up without a word';
    const kept = await storeCall(intake.database, workspace.id, { source: key, request: raw, now: intake.now(), givenUp });
    return { status: 202, body: { call: kept ?? '' } };
  }
}
