import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { checkins } from '../scopes.ts';
import { venue } from '../venue.ts';

const text = z.string().max(2000);

export const checkedIn = event(
  'foursquare.checked_in',
  z.looseObject({
    checkin_id: z.string().min(1).max(100),
    venue: venue.optional(),
    shout: text.optional(),
    visibility: text.optional(),
    is_mayor: z.boolean().optional(),
    /** Minutes east of UTC where they were: 540 in Japan. */
    time_zone_offset: z.int().optional(),
  }),
  { description: 'Somebody said that they are at a place.', scope: checkins },
);

export const historyRead = event(
  'foursquare.history_read',
  z.looseObject({ checkins: z.int(), categories: z.array(z.object({ id: text, name: text.optional(), count: z.int() })) }),
  {
    description: 'All check-ins of an account were read; `categories` counts the kinds of place, the most frequent first.',
    scope: checkins,
  },
);
