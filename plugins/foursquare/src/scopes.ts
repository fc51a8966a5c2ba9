import { type ConsentDecision, type ConsentState, scope } from '@enishi/plugin-sdk';
import type { Settings } from './settings.ts';

export const checkins = scope('foursquare.checkins', { description: 'Places the person says they are at.' });
export const location = scope('foursquare.location', { description: 'Where the person was: coordinates, and visits their phone noticed.' });

export const scopes = [checkins, location];

/** Scopes speak about data, not about a way to reach somebody: under this name they say nothing about other channels. */
export const channel = 'foursquare';

export interface Verdict {
  readonly state: ConsentState;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Foursquare asks a person for everything at once, so both scopes are decided together. */
export const decisions = ({ state, evidence }: Verdict, { purposes }: Pick<Settings, 'purposes'>): ConsentDecision[] =>
  scopes.flatMap(({ name }) => purposes.map((purpose) => ({ purpose, channel, scope: name, state, evidence })));
