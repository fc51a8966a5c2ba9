import type { Page, RawRequest } from '@enishi/plugin-sdk';
import type { FastifyReply, FastifyRequest } from 'fastify';

type Values = Readonly<Record<string, string | string[] | undefined>>;

export const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

const flat = (values: Values): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, one(value)]));

/** The request as a plugin gets it: the body's bytes as they came. */
export const rawOf = ({ method, url, query, headers, body }: FastifyRequest): RawRequest => ({
  method,
  path: url.split('?', 1)[0] ?? '',
  query: flat(query as Values),
  headers: flat(headers),
  body: body instanceof Buffer ? body : new Uint8Array(),
});

/** Answers with a page of a plugin's. It may post its form back here and style itself; it runs no script. */
export function sendPage(reply: FastifyReply, page: Page): FastifyReply {
  reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'");
  return reply.code(page.status).type(page.contentType).send(page.body);
}
