import { type Desk, type Draft, type RawRequest, sameSecret, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { keepTally, tallyOf } from '../account.ts';
import { fieldOf } from '../form.ts';
import type { Settings } from '../settings.ts';
import { mayTake, type SentCheckin, sentCheckin, sentUser, toDraft } from './checkin.ts';
import { count, interestsOf } from './tally.ts';

/** In a form the objects are texts of JSON; later receivers get one JSON object. */
const object = <TShape extends z.ZodType>(shape: TShape) =>
  z.preprocess((value, context) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  }, shape);

const body = z.looseObject({ checkin: object(sentCheckin).optional(), user: object(sentUser).optional() });

/** The user push: each check-in of whoever connected their account, as it happens. It proves itself by a secret in the body alone. */
export const userPush = (settings: Settings, pushSecret: string): WebhookSource =>
  webhook({
    description: 'User push of Foursquare: each check-in of connected accounts, as a form or as JSON.',
    body,
    verify: (request: RawRequest) => sameSecret(fieldOf(request, 'secret') ?? '', pushSecret),
    receive: async ({ checkin, user = checkin?.user }, _request, desk) => {
      // Likes, tips and photos of a venue push come to the same address and are no visits.
      if (checkin === undefined || !mayTake(checkin, settings)) return [];
      return [await counted(checkin, user?.id, { settings, desk })];
    },
  });

async function counted(
  sent: SentCheckin,
  user: string | undefined,
  { settings, desk }: { settings: Settings; desk: Desk },
): Promise<Draft> {
  if (user === undefined) return toDraft(sent, { user }, settings);
  const tally = count(await tallyOf(desk, user), sent);
  await keepTally(desk, user, tally);
  return toDraft(sent, { user, traits: interestsOf(tally.counts, settings.topCategories) }, settings);
}
