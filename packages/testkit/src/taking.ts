import type { Draft, RawRequest, WebhookSource } from '@enishi/plugin-sdk';
import { parseHookBody } from '@enishi/server';
import type { TestDesk } from './desk.ts';

/** What became of a call: refused at the door (401), refused for its shape (400), or made into events. */
export type Taken =
  | { readonly status: 'unproven' }
  | { readonly status: 'misshapen'; readonly why: string }
  | { readonly status: 'taken'; readonly drafts: readonly Draft[]; readonly callId: string | undefined };

/** Takes a call as the host does: proof on the raw bytes, then the body by its content type, then its shape, then the plugin. */
export async function takeCall(source: WebhookSource, request: RawRequest, desk: TestDesk): Promise<Taken> {
  if (!(await source.verify(request, desk))) return { status: 'unproven' };
  const body = await parsed(request);
  if ('why' in body) return { status: 'misshapen', why: body.why };
  const shaped = source.body.safeParse(body.value);
  if (!shaped.success) return { status: 'misshapen', why: shaped.error.message };
  return { status: 'taken', drafts: await source.receive(shaped.data, request, desk), callId: source.callId?.(request) };
}

async function parsed({ body, headers }: RawRequest): Promise<{ value: unknown } | { why: string }> {
  try {
    return { value: await parseHookBody(body, headers['content-type']) };
  } catch (error) {
    return { why: String(error) };
  }
}
