import { createHmac } from 'node:crypto';
import { type RawRequest, sameSecret } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { graphId } from '../graph/page.ts';
import { readJson } from '../lossless.ts';

const payload = z.looseObject({
  algorithm: z.literal('HMAC-SHA256'),
  issued_at: z.number(),
  expires: z.number().optional(),
  user_id: graphId,
});

export type SignedRequest = z.output<typeof payload>;

export const body = z.object({ signed_request: z.string().min(3).max(10_000) });

/**
 * What a `signed_request` says, or `undefined` where it was not signed by Facebook: two Base64url parts, the first the
 * HMAC-SHA256 of the second as it stands. Any other algorithm is refused: `none` must not be believed.
 */
export function readSignedRequest(text: string, appSecret: string): SignedRequest | undefined {
  const [signature = '', encoded = '', ...rest] = text.split('.');
  if (rest.length > 0 || !/^[\w-]+$/.test(encoded)) return undefined;
  const expected = createHmac('sha256', appSecret).update(encoded).digest('base64url');
  if (!sameSecret(signature.replace(/=+$/, ''), expected)) return undefined;
  try {
    return payload.safeParse(readJson(Buffer.from(encoded, 'base64url').toString())).data;
  } catch {
    return undefined;
  }
}

/** The field of the form as it came. */
export const signedRequestIn = (request: RawRequest): string =>
  new URLSearchParams(Buffer.from(request.body).toString()).get('signed_request') ?? '';
