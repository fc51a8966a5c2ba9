import type { TraitValue } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { graphId } from '../graph/page.ts';
import type { Permission } from '../permissions.ts';
import * as traits from '../traits.ts';

const place = z.looseObject({ name: z.string().optional() }).optional();

export const profile = z.looseObject({
  id: graphId,
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  email: z.string().optional(),
  birthday: z.string().optional(),
  gender: z.string().optional(),
  age_range: z.looseObject({ min: z.number().optional() }).optional(),
  location: place,
  hometown: place,
});

export type Profile = z.output<typeof profile>;

const fieldsOf: Partial<Record<Permission, string>> = {
  public_profile: 'first_name,last_name',
  email: 'email',
  user_birthday: 'birthday',
  user_gender: 'gender',
  user_age_range: 'age_range',
  user_location: 'location',
  user_hometown: 'hometown',
};

/** The fields these permissions open, for the `fields` parameter. No other is asked for: one that is not permitted fails the whole call. */
export const fieldsFor = (granted: readonly string[]): string =>
  ['id', ...Object.entries(fieldsOf).flatMap(([permission, fields]) => (granted.includes(permission) ? [fields] : []))].join(',');

/** What the profile tells, as traits. */
export function traitsOf({ first_name, last_name, birthday, gender, age_range, location, hometown }: Profile): TraitValue[] {
  const born = readBirthday(birthday);
  return [
    first_name && traits.firstName(first_name),
    last_name && traits.lastName(last_name),
    born && traits.birthday(born),
    gender && traits.gender(gender),
    age_range?.min !== undefined && traits.youngest(Math.trunc(age_range.min)),
    location?.name && traits.city(location.name),
    hometown?.name && traits.hometown(hometown.name),
  ].filter((trait) => typeof trait === 'object');
}

/** Facebook writes `MM/DD/YYYY`, or as much of it as the person shows: `MM/DD` or `YYYY`. */
export function readBirthday(text: string | undefined): string | undefined {
  const [, month, day, year, alone] = /^(?:(\d{2})\/(\d{2})(?:\/(\d{4}))?|(\d{4}))$/.exec(text ?? '') ?? [];
  if (alone !== undefined) return alone;
  if (month === undefined || day === undefined) return undefined;
  return year === undefined ? `--${month}-${day}` : `${year}-${month}-${day}`;
}
