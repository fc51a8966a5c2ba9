import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { location } from '../scopes.ts';
import { venue } from '../venue.ts';

const text = z.string().max(500);
const noticed = { visit_id: text.optional(), venue, confidence: text.optional(), lat: z.number().optional(), lng: z.number().optional() };

export const placeEntered = event('foursquare.place_entered', z.looseObject(noticed), {
  description: 'The phone noticed that somebody came to a place.',
  scope: location,
});

const stayed = { ...noticed, minutes: z.number().min(0).optional() };

export const placeLeft = event('foursquare.place_left', z.looseObject(stayed), {
  description: 'The phone noticed that somebody left a place; `minutes` is how long they stayed.',
  scope: location,
});

export const placeVisited = event('foursquare.place_visited', z.looseObject(stayed), {
  description: 'The phone found out later that somebody had been at a place.',
  scope: location,
});

export const geofenceCrossed = event(
  'foursquare.geofence_crossed',
  z.looseObject({ geofence_id: text, name: text.optional(), change: text, lat: z.number().optional(), lng: z.number().optional() }),
  {
    description: 'Somebody crossed the border of an area, or stays in it: `change` is `enter`, `dwell`, `venueConfirmed` or `exit`.',
    scope: location,
  },
);
