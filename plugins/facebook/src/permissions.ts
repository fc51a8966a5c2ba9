import { type DataScope, scope } from '@enishi/plugin-sdk';

const data = (name: string, description: string): DataScope => scope(`facebook.${name}`, { description });

export const basic = data('basic', 'Name and picture of the Facebook account.');
export const emailScope = data('email', 'E-mail address of the Facebook account.');
export const birthdayScope = data('birthday', 'Date of birth.');
export const genderScope = data('gender', 'Gender.');
export const ageScope = data('age_range', 'Range of age.');
export const location = data('location', 'City the person lives in.');
export const hometown = data('hometown', 'City the person comes from.');
export const likesScope = data('likes', 'Pages the person likes.');
export const posts = data('posts', 'What the person writes.');
export const friends = data('friends', 'Friends who permit the same.');

/**
 * What the login may ask for, each permission a data scope of its own: a person who declines one of them has decided about
 * exactly that. `user_link` is missing on purpose: Facebook forbids handing profile links to customer-data platforms.
 */
export const permissions = {
  public_profile: basic,
  email: emailScope,
  user_birthday: birthdayScope,
  user_gender: genderScope,
  user_age_range: ageScope,
  user_location: location,
  user_hometown: hometown,
  user_likes: likesScope,
  user_posts: posts,
  user_friends: friends,
} as const satisfies Record<string, DataScope>;

export type Permission = keyof typeof permissions;

export const permissionNames = Object.keys(permissions) as [Permission, ...Permission[]];
export const scopes: readonly DataScope[] = Object.values(permissions);

export const isPermission = (name: string): name is Permission => Object.hasOwn(permissions, name);
