import { z } from 'zod';
import { type SentVenue, sentVenue } from '../venue.ts';

const text = z.string().max(500);
const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .transform(Number),
]);
/** Milliseconds, or ISO 8601. */
const instant = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number), z.iso.datetime({ offset: true })])
  .transform((value) => new Date(value));

/**
 * What a phone noticed, as its SDK's webhook sends it. The nested spelling is that of the SDK's own webhook; in the flat one, with
 * texts for everything, its events travel through other houses' pipelines.
 */
const sent = z.object({
  pilgrimVisitId: z.union([text, z.number().transform(String)]).optional(),
  visitId: text.optional(),
  visitType: text.optional(),
  confidence: text.optional(),
  locationType: text.optional(),
  timestamp: instant,
  arrivalTime: instant.optional(),
  departureTime: instant.optional(),
  lat: number.optional(),
  lng: number.optional(),
  venues: z.array(sentVenue).default([]),
  venueId: text.optional(),
  venueName: text.optional(),
  primaryCategoryId: text.optional(),
  primaryCategoryName: text.optional(),
  city: text.optional(),
  state: text.optional(),
  zipCode: text.optional(),
  country: text.optional(),
  geofenceId: text.optional(),
  geofenceName: text.optional(),
  geofenceEventType: text.optional(),
  userInfo: z.record(z.string(), z.union([z.string(), z.number().transform(String)]).nullish()).default({}),
});

type Sent = z.output<typeof sent>;

/** A form holds the JSON in one field, and what the app tells of the person in fields of its own. */
export const body = z.preprocess((value) => {
  const { json, secret: _secret, ...userInfo } = z.record(z.string(), z.unknown()).catch({}).parse(value);
  if (typeof json !== 'string') return value;
  try {
    return { userInfo, ...(JSON.parse(json) as object) };
  } catch {
    return value;
  }
}, sent);

export interface Notice extends Omit<Sent, 'venues'> {
  readonly visit: string | undefined;
  readonly venue: SentVenue | undefined;
}

export function readNotice(notice: Sent): Notice {
  const { venues, venueId, pilgrimVisitId, visitId = pilgrimVisitId } = notice;
  return { ...notice, visit: visitId, venue: venues[0] ?? (venueId === undefined ? undefined : flatVenue(venueId, notice)) };
}

const flatVenue = (id: string, { venueName, primaryCategoryId, primaryCategoryName, city, state, zipCode, country }: Sent): SentVenue => ({
  id,
  name: venueName,
  location: { city, state, postalCode: zipCode, cc: country },
  categories: primaryCategoryId === undefined ? [] : [{ id: primaryCategoryId, name: primaryCategoryName, primary: true }],
});
