import { durationPattern, type Purpose } from '@enishi/plugin-sdk';
import { EnishiError, type Violation } from '../../errors.ts';
import { milliseconds } from '../../rule/duration.ts';
import { isTimeZone, type QuietHours, quietUntil } from './quiet.ts';

/** At most so many messages to one customer in any stretch of this length. */
export interface Cap {
  readonly most: number;
  /** ISO 8601, such as `P1D`; 90 days at most. */
  readonly per: string;
}

/** How often and when customers are written to on a channel; `*` speaks of all channels together. */
export interface DeliveryPolicy {
  readonly channel: string;
  readonly caps: readonly Cap[];
  readonly quietHours: QuietHours | null;
  /** Where a customer's own time zone is not known. */
  readonly timeZone: string;
  /** The trait that holds a customer's own time zone, such as `ec.time_zone`. */
  readonly timeZoneTrait: string | null;
  /** Whether what a contract needs (purpose `service`) is counted and held up as well. */
  readonly includeService: boolean;
}

export class InvalidDeliveryPolicy extends EnishiError {
  static readonly code = 'INVALID_DELIVERY_POLICY';
  constructor(violations: readonly Violation[]) {
    const listed = violations.map(({ path, message }) => `${path}: ${message}`).join('; ');
    super(InvalidDeliveryPolicy.code, `Deliveries cannot follow this: ${listed}`, { violations });
  }
}

const longestPeriod = 90 * 86_400_000;
const time = /^([01]\d|2[0-3]):[0-5]\d$/;

export function requirePolicy({ channel, caps, quietHours, timeZone }: DeliveryPolicy): void {
  const violations: Violation[] = [];
  if (!/^(\*|[a-z][a-z0-9._-]{0,59})$/.test(channel)) violations.push({ path: 'channel', message: 'use a channel such as email, or *' });
  if (caps.length > 10) violations.push({ path: 'caps', message: 'use at most 10' });
  caps.forEach(({ most, per }, index) => {
    if (!Number.isInteger(most) || most < 0 || most > 1000) violations.push({ path: `caps.${index}.most`, message: 'use 0 to 1000' });
    const length = durationPattern.test(per) ? milliseconds(per) : 0;
    if (length <= 0 || length > longestPeriod)
      violations.push({ path: `caps.${index}.per`, message: 'use a duration such as P1D, 90 days at most' });
  });
  if (quietHours !== null) {
    for (const end of ['from', 'to'] as const)
      if (!time.test(quietHours[end])) violations.push({ path: `quietHours.${end}`, message: 'use a time such as 21:00' });
    if (quietHours.from === quietHours.to) violations.push({ path: 'quietHours.to', message: 'use another time than from' });
  }
  if (!isTimeZone(timeZone)) violations.push({ path: 'timeZone', message: 'use a name such as Asia/Tokyo' });
  if (violations.length > 0) throw new InvalidDeliveryPolicy(violations);
}

/** One message that was sent to a customer, or is on its way. */
export interface Contact {
  readonly deliveryId: string;
  readonly channel: string;
  readonly purpose: Purpose;
  readonly sentAt: Date;
}

/** What is to be sent: to somebody with these traits, by this channel, for this purpose. */
export interface Approach {
  readonly deliveryId: string;
  readonly channel: string;
  readonly purpose: Purpose;
  readonly traits: Readonly<Record<string, { readonly v: unknown } | undefined>>;
}

const holds = ({ channel, includeService }: DeliveryPolicy, approach: Approach): boolean =>
  (channel === approach.channel || channel === '*') && (includeService || approach.purpose !== 'service');

/** The first cap that another message now would break, in words; `undefined` where none would. */
export function cappedBy(
  policies: readonly DeliveryPolicy[],
  approach: Approach,
  { contacts, now }: { readonly contacts: readonly Contact[]; readonly now: Date },
): string | undefined {
  for (const policy of policies) {
    if (!holds(policy, approach)) continue;
    const counted = contacts.filter(
      (contact) =>
        contact.deliveryId !== approach.deliveryId &&
        (policy.channel === '*' || contact.channel === policy.channel) &&
        (policy.includeService || contact.purpose !== 'service'),
    );
    for (const { most, per } of policy.caps) {
      const since = now.getTime() - milliseconds(per);
      if (counted.filter(({ sentAt }) => sentAt.getTime() > since).length >= most) return `cap: ${most} per ${per} on ${policy.channel}`;
    }
  }
  return undefined;
}

/** When this customer may be written to again, if it is quiet for them now. A channel's own hours stand before those of `*`. */
export function heldUntil(policies: readonly DeliveryPolicy[], approach: Approach, now: Date): Date | undefined {
  const concerned = policies.filter((policy) => policy.quietHours !== null && holds(policy, approach));
  const policy = concerned.find(({ channel }) => channel !== '*') ?? concerned[0];
  if (policy === undefined || policy.quietHours === null) return undefined;
  const own = policy.timeZoneTrait === null ? undefined : approach.traits[policy.timeZoneTrait]?.v;
  return quietUntil(now, policy.quietHours, isTimeZone(own) ? own : policy.timeZone);
}

/** How far back messages must be known to decide about caps on this channel, in milliseconds; 0 where there are none. */
export const longestCap = (policies: readonly DeliveryPolicy[], channel: string): number =>
  Math.max(
    0,
    ...policies
      .filter((policy) => policy.channel === channel || policy.channel === '*')
      .flatMap(({ caps }) => caps.map(({ per }) => milliseconds(per))),
  );
