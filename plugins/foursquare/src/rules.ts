import { any, did, type EventRule, type Filter, type Rule } from '@enishi/plugin-sdk';
import { checkedIn } from './events/checkin.ts';
import { geofenceCrossed, placeEntered, placeVisited } from './events/movement.ts';

/** One of these, or any of several. */
type OneOf = string | readonly [string, ...string[]];

export interface Visit {
  /** Category id of the place, the same in every language. */
  readonly category?: OneOf;
  /** Name of the category, in the language it was sent in. */
  readonly categoryName?: OneOf;
  /** Id of the place itself. */
  readonly venue?: OneOf;
  readonly chain?: OneOf;
  readonly city?: OneOf;
  /** ISO 8601 duration, such as `P30D`. */
  readonly within?: string;
  /** At least so often; check-ins and what the phone noticed are counted each by itself. Default once. */
  readonly times?: number;
}

/** Was at such a place, by check-in or as their phone noticed: `visited({ category: coffeeShop, within: 'P30D' })`. */
export function visited({ within, times, ...place }: Visit = {}): Rule {
  const where = filters({
    'venue.categories.id': place.category,
    'venue.categories.name': place.categoryName,
    'venue.id': place.venue,
    'venue.chain_ids': place.chain,
    'venue.city': place.city,
  });
  const measure: Omit<EventRule, 'event'> = {
    ...(where.length > 0 && { where }),
    ...(within !== undefined && { within }),
    ...(times !== undefined && { count: { atLeast: times } }),
  };
  return any(did(checkedIn, measure), did(placeEntered, measure), did(placeVisited, measure));
}

/** Came into an area: `entered({ geofence: 'ginza', within: 'PT1H' })`. */
export const entered = ({ geofence, within }: { readonly geofence: OneOf; readonly within?: string }): Rule =>
  did(geofenceCrossed, {
    where: filters({ geofence_id: geofence, change: ['enter', 'dwell', 'venueConfirmed'] }),
    ...(within !== undefined && { within }),
  });

const filters = (wanted: Readonly<Record<string, OneOf | undefined>>): Filter[] =>
  Object.entries(wanted).flatMap(([property, value]) => {
    if (value === undefined) return [];
    return [typeof value === 'string' ? { property, is: value } : { property, in: [...value] }];
  });
