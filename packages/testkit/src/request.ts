import type { RawRequest } from '@enishi/plugin-sdk';

export interface RequestOptions {
  /** One of these is the body: sent as JSON, as a form, or as it stands. */
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Default `POST`. */
  readonly method?: string;
  /** Default `/hooks/plugin/source`. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as a source gets it: `rawRequest({ json: { id: 1 }, headers: { 'X-Topic': 'order' } })`. */
export function rawRequest(options: RequestOptions = {}): RawRequest {
  const { method = 'POST', path = '/hooks/plugin/source', query = {}, headers = {} } = options;
  const [type, body] = bodyOf(options);
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { method, path, query, headers: { ...(type ? { 'content-type': type } : {}), ...Object.fromEntries(given) }, body };
}

function bodyOf({ json, form, body = '' }: RequestOptions): [type: string | undefined, body: Uint8Array] {
  if (json !== undefined) return ['application/json', Buffer.from(JSON.stringify(json))];
  if (form !== undefined) return ['application/x-www-form-urlencoded', Buffer.from(new URLSearchParams(form).toString())];
  return [undefined, Buffer.from(body)];
}

/** The same request with another body. */
export const withBody = (request: RawRequest, body: string | Uint8Array): RawRequest => ({ ...request, body: Buffer.from(body) });

/** The same request with more headers; names in any case. */
export const withHeaders = (request: RawRequest, headers: Readonly<Record<string, string>>): RawRequest => ({
  ...request,
  headers: { ...request.headers, ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])) },
});
