import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { id, permissionList, text } from './fields.ts';

const decided = { user_id: id, granted: permissionList, declined: permissionList };

export const accountLinked = event('facebook.account_linked', z.looseObject({ ...decided, token_expires_at: z.string().optional() }), {
  description: 'Somebody connected their Facebook account; `granted` and `declined` are the permissions they decided about.',
});

export const permissionsChanged = event(
  'facebook.permissions_changed',
  z.looseObject({ ...decided, permission: id, verb: z.enum(['granted', 'revoked']) }),
  {
    description:
      'A permission was granted or taken back in the settings of Facebook, `connected` being all of them; the lists say what held when it was heard.',
  },
);

export const deauthorized = event('facebook.deauthorized', z.looseObject({ user_id: id }), {
  description: 'Somebody removed the app from their Facebook account: all permissions are taken back.',
});

export const deletionRequested = event('facebook.deletion_requested', z.looseObject({ user_id: id, confirmation_code: id }), {
  description: 'Somebody asked by Facebook that their data be deleted. The code finds the state of it on the status page.',
});

export const tokenExpired = event('facebook.token_expired', z.looseObject({ user_id: id, reason: text }), {
  description: 'Facebook takes the access token no longer: the account must be connected again to read on.',
});
