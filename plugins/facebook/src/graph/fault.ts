import { ComeBackLater, GiveUp } from '@enishi/plugin-sdk';
import { z } from 'zod';

/** The Graph API itself says no to this question; asked again it says so again. */
export class Refused extends GiveUp {}

/** Facebook takes this access token no longer (code 190): it expired, or the person took the app away or changed the password. */
export class TokenRefused extends Refused {
  /** Why, such as 458 for an app that was removed or 463 for a token that expired. */
  readonly subcode: number | undefined;
  constructor(message: string, subcode: number | undefined) {
    super(message);
    this.subcode = subcode;
  }
}

export const graphError = z.object({
  error: z.object({
    message: z.string().default(''),
    code: z.number().optional(),
    error_subcode: z.number().optional(),
    is_transient: z.boolean().optional(),
  }),
});

type GraphError = z.output<typeof graphError>['error'];

const limited = (code: number): boolean => [4, 17, 32, 613].includes(code) || (code >= 80_000 && code <= 80_014);
const temporary = new Set([1, 2, 341, 368, 5000, 21_009]);
/** Without a word from Facebook: its windows are of an hour, and five minutes give back a twelfth of it. */
const usualWait = 300;

/** What to do about an error of the Graph API. It comes with status 400 or 403 even where it asks for patience, so only the code decides. */
export function faultOf({ code = 0, error_subcode, message, is_transient }: GraphError, headers: Headers): Error {
  const number = error_subcode === undefined ? `${code}` : `${code}/${error_subcode}`;
  if (code === 190) return new TokenRefused(`Facebook refuses the access token (${number}): ${message} Connect again.`, error_subcode);
  if (limited(code)) return new ComeBackLater(secondsToWait(headers) ?? usualWait, `Facebook limits the calls (${number})`);
  if (is_transient === true || temporary.has(code)) return new ComeBackLater(60, `Facebook is busy (${number}): ${message}`);
  return new Refused(`Facebook refuses (${number}): ${message}`);
}

const usage = z.record(z.string(), z.array(z.looseObject({ estimated_time_to_regain_access: z.number().optional() })));
const load = z.looseObject({ call_count: z.number().optional(), total_time: z.number().optional(), total_cputime: z.number().optional() });

/** What the usage headers ask to wait; `X-Business-Use-Case-Usage` counts minutes. */
function secondsToWait(headers: Headers): number | undefined {
  const found = usage.safeParse(jsonIn(headers.get('x-business-use-case-usage')));
  const minutes = found.success
    ? Object.values(found.data).flatMap((each) => each.map((one) => one.estimated_time_to_regain_access ?? 0))
    : [];
  const longest = Math.max(0, ...minutes);
  return longest > 0 ? longest * 60 : undefined;
}

/** How much of what the app may ask for is used up, in percent: the highest of the counters in `X-App-Usage`. */
export function usedUp(headers: Headers): number {
  const found = load.safeParse(jsonIn(headers.get('x-app-usage')));
  if (!found.success) return 0;
  const { call_count = 0, total_time = 0, total_cputime = 0 } = found.data;
  return Math.max(call_count, total_time, total_cputime);
}

function jsonIn(header: string | null): unknown {
  try {
    return JSON.parse(header ?? '') as unknown;
  } catch {
    return undefined;
  }
}
