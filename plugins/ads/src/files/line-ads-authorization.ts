import { createHash, createHmac } from 'node:crypto';

/** One request to the LINE Ads API. */
export interface LineAdsRequest {
  /** Path with `/api`, without the query, such as `/api/v3/adaccounts/A1/customaudiences`. */
  readonly path: string;
  /** The instant of the `Date` header, which must be of the same day in UTC. */
  readonly at: Date;
  /** As it is sent. Leave it out where there is none, and for multipart. */
  readonly body?: string;
  /** Of the body; for multipart `multipart/form-data` without its boundary. */
  readonly contentType?: string;
}

/** Access key and secret key of one group. */
export interface LineAdsKeys {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** The API wants the padding that Node leaves out. */
const base64url = (bytes: Buffer): string => bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');

/**
 * The `Authorization` header of a request to the LINE Ads API: a JWS over body, content type, day and path, as the
 * public documentation of ads.line.me describes it. For those whom LINE has approved as data providers and who upload the
 * files of `ads.line` by a program of their own.
 */
export function lineAdsAuthorization(
  { accessKey, secretKey }: LineAdsKeys,
  { path, at, body = '', contentType = '' }: LineAdsRequest,
): string {
  const day = at.toISOString().slice(0, 10).replaceAll('-', '');
  const digest = createHash('sha256').update(body).digest('hex');
  const header = base64url(Buffer.from(JSON.stringify({ alg: 'HS256', kid: accessKey, typ: 'text/plain' })));
  const payload = base64url(Buffer.from([digest, contentType, day, path].join('\n')));
  const signature = base64url(createHmac('sha256', secretKey).update(`${header}.${payload}`).digest());
  return `Bearer ${header}.${payload}.${signature}`;
}
