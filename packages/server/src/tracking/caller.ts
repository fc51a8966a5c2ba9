import { authenticate, type Caller, type Database } from '@enishi/core';
import type { FastifyRequest } from 'fastify';
import { Refusal, unavailable } from '../http/errors.ts';

/** The key of `Authorization: Basic KEY:` or `Bearer KEY`; `null` for a header that is neither. */
export function keyOfHeader(header: string | undefined): string | null | undefined {
  if (header === undefined) return undefined;
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)\s*$/.exec(header) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return null;
  const [user = ''] = Buffer.from(value, 'base64').toString('utf8').split(':', 1);
  return user;
}

const badKey = (message: string): Refusal => new Refusal(401, 'INVALID_KEY', { message });

/** Who sends: the header speaks, a `writeKey` in the body may only agree with it. */
export async function callerOf(database: Database, request: FastifyRequest, bodyKey: unknown): Promise<Caller> {
  const headerKey = keyOfHeader(request.headers.authorization);
  if (headerKey === null) throw badKey('Use Basic authentication with the key as user name, or Bearer.');
  const written = typeof bodyKey === 'string' && bodyKey !== '' ? bodyKey : undefined;
  if (headerKey !== undefined && written !== undefined && headerKey !== written)
    throw badKey('The key of the header and the writeKey of the body differ.');
  const key = headerKey ?? written;
  if (key === undefined) throw badKey('Send a key: Basic authentication with the key as user name, or writeKey in the body.');
  const caller = await authenticate(database, key).catch((error: unknown) => {
    throw unavailable('The key cannot be checked now.', error);
  });
  if (caller === undefined) throw badKey('The key is unknown, expired or revoked.');
  if (!caller.scopes.has('events:write')) throw new Refusal(403, 'NOT_ALLOWED', { message: 'This key lacks the scope "events:write".' });
  return caller;
}
