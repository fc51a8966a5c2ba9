import type { Draft, TraitValue } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { checkedIn } from '../events/checkin.ts';
import type { Settings } from '../settings.ts';
import { sentVenue, toVenue } from '../venue.ts';

const userId = z.union([z.string().min(1), z.int().transform(String)]);

export const sentUser = z.looseObject({ id: userId });

export const sentCheckin = z.looseObject({
  id: z.string().min(1).max(100),
  createdAt: z.int(),
  timeZoneOffset: z.int().optional(),
  shout: z.string().max(2000).optional(),
  private: z.boolean().optional(),
  visibility: z.string().optional(),
  isMayor: z.boolean().optional(),
  user: sentUser.optional(),
  venue: sentVenue.optional(),
});

export type SentCheckin = z.output<typeof sentCheckin>;

/** Whether it may be taken in at all: what somebody marked private is not, unless the settings say so. */
export const mayTake = (sent: SentCheckin, { privateCheckins }: Pick<Settings, 'privateCheckins'>): boolean =>
  privateCheckins === 'keep' || (sent.private !== true && sent.visibility !== 'private');

export interface Observed {
  readonly user: string | undefined;
  readonly traits?: readonly TraitValue[];
}

/** The event of a check-in; its id is Foursquare's, so push and history tell of it once. */
export const toDraft = (sent: SentCheckin, { user, traits }: Observed, { decimals }: Pick<Settings, 'decimals'>): Draft =>
  checkedIn({
    id: `checkin:${sent.id}`,
    at: new Date(sent.createdAt * 1000),
    identifiers: { 'foursquare.user': user },
    properties: {
      checkin_id: sent.id,
      venue: sent.venue && toVenue(sent.venue, decimals),
      shout: sent.shout,
      visibility: sent.visibility,
      is_mayor: sent.isMayor,
      time_zone_offset: sent.timeZoneOffset,
    },
    traits,
  });
