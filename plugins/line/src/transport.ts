import type { Desk } from '@enishi/plugin-sdk';
import { HTTPFetchError } from '@line/bot-sdk';

interface Base {
  readonly url: string;
  readonly token?: string;
}

type Query = Readonly<Record<string, unknown>>;
type More = { readonly headers?: Readonly<Record<string, string>> };

const query = (values: Query = {}): URLSearchParams =>
  new URLSearchParams(
    Object.entries(values).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]])),
  );

/**
 * What LINE's SDK asks of its HTTP client, done at the desk. The SDK's own calls the global `fetch`: it would follow a redirect
 * anywhere, inside too, and could not be stopped when time is up.
 */
function transport(desk: Desk, { url: base, token }: Base) {
  const own = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const call = async (path: string, init: RequestInit & More): Promise<Response> => {
    const reply = await desk.fetch(new URL(path, base), { ...init, headers: { ...own, ...init.headers }, signal: desk.signal });
    if (reply.ok) return reply;
    const { status, statusText, headers } = reply;
    throw new HTTPFetchError(`${status} ${statusText}`.trim(), { status, statusText, headers, body: await reply.text() });
  };
  const send = (method: string) => (path: string, body?: unknown, more?: More) =>
    call(path, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...more?.headers } });
  const sendForm = (method: string) => (path: string, form: FormData | URLSearchParams) => call(path, { method, body: form });
  return {
    get: (path: string, values?: Query) => call(`${path}?${query(values)}`, { method: 'GET' }),
    delete: (path: string, values?: Query) => call(`${path}?${query(values)}`, { method: 'DELETE' }),
    post: send('POST'),
    put: send('PUT'),
    postForm: (path: string, values: Query) => sendForm('POST')(path, query(values)),
    postFormMultipart: sendForm('POST'),
    putFormMultipart: sendForm('PUT'),
  };
}

/** Lets a client of the SDK speak through the desk. Throws where the SDK no longer keeps its HTTP client where it did. */
export function throughDesk<TClient extends object>(client: TClient, desk: Desk, base: Base): TClient {
  if (!Object.hasOwn(client, 'httpClient')) throw new Error('this version of @line/bot-sdk cannot be led through the desk');
  Reflect.set(client, 'httpClient', transport(desk, base));
  return client;
}
