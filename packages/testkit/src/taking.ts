import type { Draft, RawRequest, WebhookSource } from '@enishi/plugin-sdk';
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
  if (body.length === 0) return { value: undefined };
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  try {
    if (type === 'multipart/form-data') return { value: await fieldsOf(body, headers['content-type'] ?? '') };
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    if (type === 'application/x-www-form-urlencoded') return { value: gathered(new URLSearchParams(text)) };
    return { value: type.endsWith('json') ? JSON.parse(text) : jsonOrText(text) };
  } catch (error) {
    return { why: String(error) };
  }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

async function fieldsOf(body: Uint8Array, contentType: string): Promise<Record<string, string | string[]>> {
  const form = await new Response(Buffer.from(body), { headers: { 'content-type': contentType } }).formData();
  return gathered([...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

/** A name that comes more than once becomes a list. */
function gathered(pairs: Iterable<[string, string]>): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of pairs) {
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}
