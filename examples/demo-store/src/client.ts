import { createHmac } from 'node:crypto';
import { type Client, createClient } from 'graphql-ws';

/** A caller from outside: it knows the server's address and a key, as any client does. */
export interface Outside {
  readonly url: string;
  /** Runs one operation. Throws the first error's message. */
  readonly graphql: <TData>(query: string, variables?: Record<string, unknown>) => Promise<TData>;
  /** Posts JSON to the tracking API. */
  readonly track: (path: string, body: unknown) => Promise<{ status: number; body: unknown }>;
  readonly live: () => Client;
}

export function outside(url: string, key: string): Outside {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  return {
    url,
    graphql: async (query, variables = {}) => {
      const reply = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
      const { data, errors } = (await reply.json()) as { data?: never; errors?: readonly { message: string }[] };
      if (errors?.[0] !== undefined) throw new Error(errors[0].message);
      if (data === undefined) throw new Error(`${reply.status} without data`);
      return data;
    },
    track: async (path, body) => {
      const reply = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: reply.status, body: await reply.json() };
    },
    live: () =>
      createClient({
        url: `${url.replace(/^http/, 'ws')}/graphql`,
        connectionParams: { authorization: `Bearer ${key}` },
        retryAttempts: 0,
      }),
  };
}

/** Calls a webhook as a vendor does: the raw bytes signed. */
export async function signedPost(
  url: string,
  body: unknown,
  signature: { header: string; secret: string; encoding: 'hex' | 'base64' },
): Promise<unknown> {
  const raw = JSON.stringify(body);
  const digest = createHmac('sha256', signature.secret).update(raw).digest(signature.encoding);
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [signature.header]: digest },
    body: raw,
  });
  const answer: unknown = await reply.json();
  if (!reply.ok) throw new Error(`${reply.status} ${JSON.stringify(answer)}`);
  return answer;
}
