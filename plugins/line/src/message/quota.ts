import type { Desk } from '@enishi/plugin-sdk';
import type { Ask } from '../api.ts';
import { reasonOf } from '../failure.ts';

const freshForMs = 60_000;

export interface Quota {
  /** How many messages the month still has room for. */
  readonly left: (desk: Desk) => Promise<number>;
  readonly spend: (messages: number) => void;
}

/** `GET /v2/bot/message/quota` and `/consumption`, asked once a minute; in between what this process sends is counted. */
export function quotaOf(ask: Ask): Quota {
  let seen = { left: Number.POSITIVE_INFINITY, at: Number.NEGATIVE_INFINITY };
  const look = async (desk: Desk): Promise<number> => {
    try {
      return await ask(desk, async ({ messaging }) => {
        const [{ type, value }, { totalUsage }] = await Promise.all([messaging.getMessageQuota(), messaging.getMessageQuotaConsumption()]);
        return type === 'limited' && value !== undefined ? Math.max(0, value - totalUsage) : Number.POSITIVE_INFINITY;
      });
    } catch (error) {
      // Not knowing is no reason not to send: LINE refuses what goes beyond the quota.
      desk.log.warn('the quota of LINE could not be read', { reason: reasonOf(error) });
      return Number.POSITIVE_INFINITY;
    }
  };
  return {
    left: async (desk) => {
      const now = desk.now().getTime();
      if (now - seen.at >= freshForMs) seen = { left: await look(desk), at: now };
      return seen.left;
    },
    spend: (messages) => {
      seen = { ...seen, left: seen.left - messages };
    },
  };
}
