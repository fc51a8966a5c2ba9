import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { id, points, text } from './fields.ts';

export const memberUpdated = event('pos.member_updated', z.looseObject({ member: id.optional(), household: id.optional() }), {
  description: "The till system's record of a member or household; what it says came as traits.",
});

export const memberScanned = event('pos.member_scanned', z.looseObject({ store_id: id, register_id: id.optional() }), {
  description: 'A member card was read at the till, whether or not a purchase follows: its holder is in the store now.',
});

export const pointsChanged = event(
  'pos.points_changed',
  z.looseObject({ store_id: id.optional(), change: points, balance: points.optional(), reason: text.optional() }),
  { description: 'Points were given, taken or ran out beside any purchase; `change` is negative where the member lost some.' },
);
