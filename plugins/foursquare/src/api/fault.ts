import { ComeBackLater, GiveUp } from '@enishi/plugin-sdk';
import { z } from 'zod';

/** Foursquare takes this user's token no longer. Tokens never expire, so their owner has taken the app out. */
export class TokenRefused extends GiveUp {}

export const envelope = z.looseObject({
  meta: z.looseObject({ code: z.number(), errorType: z.string().optional(), errorDetail: z.string().optional() }),
  response: z.unknown(),
});

type Meta = z.output<typeof envelope>['meta'];

const anHour = 3600;

/** What to do about an error of the v2 API. Its word decides, not the status: limits came with 403 for years, now with 429. */
export function faultOf({ code, errorType = 'other', errorDetail = '' }: Meta, headers: Headers): Error {
  const said = `${errorType} (${code})${errorDetail && `: ${errorDetail}`}`;
  if (errorType === 'invalid_auth') return new TokenRefused(`Foursquare refuses the token: ${said}`);
  if (errorType === 'rate_limit_exceeded' || errorType === 'quota_exceeded' || code === 429)
    return new ComeBackLater(secondsToWait(headers) ?? anHour, `Foursquare limits the calls: ${said}`);
  if (errorType === 'server_error' || code >= 500) return new ComeBackLater(60, `Foursquare is broken: ${said}`);
  return new GiveUp(`Foursquare refuses: ${said}`);
}

/** What stands between Foursquare and us answers in words of its own. */
export function wrongAnswer({ status, headers }: Response): Error {
  const message = `Foursquare answered ${status} with what is not an answer of its API`;
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return new GiveUp(message);
  return new ComeBackLater(secondsToWait(headers) ?? 60, message);
}

/** `Retry-After` in seconds, else `X-RateLimit-Reset` as a Unix time. */
function secondsToWait(headers: Headers): number | undefined {
  const after = Number(headers.get('retry-after') ?? '');
  if (after > 0) return after;
  const reset = Number(headers.get('x-ratelimit-reset') ?? '') - Date.now() / 1000;
  return reset > 0 ? Math.min(Math.ceil(reset), 24 * anHour) : undefined;
}
