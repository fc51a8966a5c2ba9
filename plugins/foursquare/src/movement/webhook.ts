import { type Draft, type RawRequest, sameSecret, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import { geofenceCrossed, placeEntered, placeLeft, placeVisited } from '../events/movement.ts';
import { fieldOf } from '../form.ts';
import type { Settings } from '../settings.ts';
import { coarse, toVenue } from '../venue.ts';
import { body, type Notice, readNotice } from './notice.ts';

export const secretHeader = 'pilgrim-secret';

/** What phones with the Movement SDK notice: somebody came to a place, left it, or crossed the border of an area. */
export const movementWebhook = (settings: Settings, secret: string): WebhookSource =>
  webhook({
    description: 'Server webhook of the Movement SDK (formerly Pilgrim): arrivals, departures, geofences.',
    body,
    verify: (request) => sameSecret(secretIn(request), secret),
    receive: (notice) => toDrafts(readNotice(notice), settings),
  });

/** The header of today, or the field of the older form. */
const secretIn = (request: RawRequest): string => request.headers[secretHeader] ?? fieldOf(request, 'secret') ?? '';

/** The SDK is sure enough of these; below it guesses. */
const trusted = new Set(['med', 'medium', 'high', undefined]);
/** Where somebody lives and works is no shop, and nobody's business. */
const never = new Set(['home', 'work']);

const kinds = {
  arrival: { type: placeEntered, timeOf: ({ arrivalTime, timestamp }: Notice) => arrivalTime ?? timestamp },
  departure: { type: placeLeft, timeOf: ({ departureTime, timestamp }: Notice) => departureTime ?? timestamp },
  historical: { type: placeVisited, timeOf: ({ arrivalTime, timestamp }: Notice) => arrivalTime ?? timestamp },
} as const;

const isKind = (visitType: string | undefined): visitType is keyof typeof kinds =>
  visitType !== undefined && Object.hasOwn(kinds, visitType);

function toDrafts(notice: Notice, settings: Settings): Draft[] {
  const { visitType, confidence, locationType, geofenceId } = notice;
  if (never.has(locationType ?? '')) return [];
  if (geofenceId !== undefined) return [crossed(geofenceId, notice, settings)];
  if (!isKind(visitType) || !trusted.has(confidence?.toLowerCase())) return [];
  return notice.venue === undefined ? [] : [visit({ ...notice, venue: notice.venue }, visitType, settings)];
}

const person = ({ userInfo }: Notice, { person: { key, namespace } }: Settings): Record<string, string> => {
  const value = userInfo[key];
  return value === null || value === undefined ? {} : { [namespace]: value };
};

function visit(notice: Notice & { venue: NonNullable<Notice['venue']> }, visitType: keyof typeof kinds, settings: Settings): Draft {
  const { visit: id, venue, confidence, arrivalTime, departureTime, timestamp } = notice;
  const identifiers = person(notice, settings);
  const { type, timeOf } = kinds[visitType];
  const stay = arrivalTime === undefined || departureTime === undefined ? undefined : departureTime.getTime() - arrivalTime.getTime();
  return type({
    id: `visit:${id ?? `${Object.values(identifiers)[0]}:${venue.id}:${timestamp.getTime()}`}:${visitType}`.slice(0, 200),
    at: timeOf(notice),
    identifiers,
    properties: {
      visit_id: id,
      venue: toVenue(venue, settings.decimals),
      confidence,
      ...coarse(notice, settings.decimals),
      ...(stay !== undefined && stay >= 0 && visitType !== 'arrival' && { minutes: Math.round(stay / 60_000) }),
    },
  });
}

function crossed(geofenceId: string, notice: Notice, settings: Settings): Draft {
  const { geofenceName, geofenceEventType = 'enter', timestamp } = notice;
  const identifiers = person(notice, settings);
  return geofenceCrossed({
    id: `geofence:${geofenceId}:${Object.values(identifiers)[0]}:${geofenceEventType}:${timestamp.getTime()}`.slice(0, 200),
    at: timestamp,
    identifiers,
    properties: { geofence_id: geofenceId, name: geofenceName, change: geofenceEventType, ...coarse(notice, settings.decimals) },
  });
}
