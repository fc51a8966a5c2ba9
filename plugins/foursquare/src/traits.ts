import { trait } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { checkins } from './scopes.ts';

const text = z.string().max(500);

export const firstName = trait('foursquare.firstName', text, { description: 'Given name at Foursquare.', scope: checkins });
export const homeCity = trait('foursquare.homeCity', text, { description: 'City the person names as theirs.', scope: checkins });

/** `newest` wins: each value counts all check-ins so far, so the latest is the whole truth. */
export const interests = trait('foursquare.interests', z.array(text).max(20), {
  description: 'Kinds of place the person checks in at most, by name, the most frequent first.',
  scope: checkins,
});
export const interestIds = trait('foursquare.interestIds', z.array(text).max(20), {
  description: 'The same kinds of place by category id: names change with the language, ids do not.',
  scope: checkins,
});

export const traits = [firstName, homeCity, interests, interestIds];
