import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { id } from './fields.ts';

export const memberUpdated = event('pos.member_updated', z.looseObject({ member: id.optional(), household: id.optional() }), {
  description: "The till system's record of a member or household; what it says came as traits.",
});
