import { isObject } from '../reply.ts';

/** From this share of what is allowed on, we wait: the last calls before the limit are left to people at work in Ads Manager. */
const fullPercent = 95;
const shortRestSeconds = 60;

/**
 * How long to leave Meta alone, from the usage headers of an answer; `undefined` where there is room left.
 * X-Business-Use-Case-Usage names minutes, the others percent. Source: Meta, "Rate limiting".
 */
export function restSeconds(headers: Headers): number | undefined {
  const usages = ['x-business-use-case-usage', 'x-app-usage', 'x-ad-account-usage'].flatMap((name) => usagesIn(headers.get(name)));
  const minutes = Math.max(0, ...usages.map((usage) => amount(usage.estimated_time_to_regain_access)));
  if (minutes > 0) return minutes * 60;
  const percent = Math.max(0, ...usages.flatMap((usage) => shares.map((share) => amount(usage[share]))));
  return percent >= fullPercent ? shortRestSeconds : undefined;
}

const shares = ['call_count', 'total_time', 'total_cputime', 'acc_id_util_pct'];
const amount = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

/** Either the usage itself, or lists of usages by account. */
function usagesIn(header: string | null): Readonly<Record<string, unknown>>[] {
  if (header === null) return [];
  try {
    const value: unknown = JSON.parse(header);
    return isObject(value) ? [value, ...Object.values(value).flat().filter(isObject)] : [];
  } catch {
    return [];
  }
}
