import { trait } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { ageScope, basic, birthdayScope, friends, genderScope, hometown as hometownScope, likesScope, location } from './permissions.ts';

const text = z.string().max(500);

export const firstName = trait('facebook.firstName', text, {
  description: 'Given name on Facebook, or as told in a lead form.',
  scope: basic,
});
export const lastName = trait('facebook.lastName', text, {
  description: 'Family name on Facebook, or as told in a lead form.',
  scope: basic,
});
export const birthday = trait('facebook.birthDate', z.string().regex(/^(\d{4}(-\d{2}-\d{2})?|--\d{2}-\d{2})$/), {
  description: 'Date of birth as far as shown: `1990-05-01`, without the year `--05-01`, or the year alone `1990`.',
  scope: birthdayScope,
});
export const gender = trait('facebook.statedGender', text, { description: 'Gender as Facebook says it.', scope: genderScope });
export const youngest = trait('facebook.ageFrom', z.int(), { description: 'Lower end of the range of age, in years.', scope: ageScope });
export const city = trait('facebook.city', text, { description: 'City the person lives in.', scope: location });
export const hometown = trait('facebook.hometownCity', text, { description: 'City the person comes from.', scope: hometownScope });
export const interests = trait('facebook.interests', z.array(text).max(10), {
  description: 'Categories of the pages the person likes, the most frequent first, at most ten.',
  scope: likesScope,
});
export const friendCount = trait('facebook.friendCount', z.int(), {
  description: 'How many connected friends permit to be known as such, as the person does.',
  scope: friends,
});

export const traits = [firstName, lastName, birthday, gender, youngest, city, hometown, interests, friendCount];
