import { z } from 'zod';

const text = z.string().max(500);
const id = z.string().min(1).max(100);

/** A place as events carry it and rules name it: `venue.id`, `venue.categories.id`, `venue.city`. */
export const venue = z.looseObject({
  id,
  name: text.optional(),
  categories: z.array(z.looseObject({ id, name: text.optional() })).default([]),
  chain_ids: z.array(id).optional(),
  city: text.optional(),
  state: text.optional(),
  postal_code: text.optional(),
  /** ISO 3166-1, such as `JP`. */
  country: text.optional(),
  lat: z.number().optional(),
  lng: z.number().optional(),
});

export type Venue = z.output<typeof venue>;

/** A place as Foursquare sends it, by push, in its history and from phones. */
export const sentVenue = z.looseObject({
  id,
  name: text.optional(),
  location: z
    .looseObject({
      lat: z.number().optional(),
      lng: z.number().optional(),
      postalCode: text.optional(),
      cc: text.optional(),
      city: text.optional(),
      state: text.optional(),
    })
    .optional(),
  categories: z.array(z.looseObject({ id, name: text.optional(), primary: z.boolean().optional() })).default([]),
  chains: z.array(z.looseObject({ id: z.union([id, z.number().transform(String)]) })).optional(),
});

export type SentVenue = z.output<typeof sentVenue>;

/** The main category comes first; coordinates are as coarse as the settings want them. */
export function toVenue({ id: venueId, name, location = {}, categories, chains }: SentVenue, decimals: number | null): Venue {
  const ordered = categories.toSorted((one, other) => Number(other.primary === true) - Number(one.primary === true));
  return {
    id: venueId,
    name,
    categories: ordered.map((category) => ({ id: category.id, name: category.name })),
    chain_ids: chains?.map((chain) => chain.id),
    city: location.city,
    state: location.state,
    postal_code: location.postalCode,
    country: location.cc,
    ...coarse(location, decimals),
  };
}

export interface Point {
  readonly lat?: number | undefined;
  readonly lng?: number | undefined;
}

/** A point rounded to these decimals; nothing of it where none are kept. */
export function coarse({ lat, lng }: Point, decimals: number | null): Point {
  if (decimals === null || lat === undefined || lng === undefined) return {};
  const round = (degrees: number): number => Number(degrees.toFixed(decimals));
  return { lat: round(lat), lng: round(lng) };
}
