import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';

const account = z.looseObject({ user_id: z.string().min(1).max(100) });

export const accountLinked = event('foursquare.account_linked', account, { description: 'Somebody connected their Foursquare account.' });

export const disconnected = event('foursquare.disconnected', account, {
  description: 'Foursquare takes the token of an account no longer: its owner took the app out, so everything permitted is taken back.',
});
