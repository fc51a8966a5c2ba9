import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { id, text } from './fields.ts';

const account = z.looseObject({ customer_id: id.optional(), affiliation: text.optional() });

export const customerRegistered = event('ec.customer_registered', account, {
  description: 'Somebody opened an account in the shop.',
});

export const customerUpdated = event('ec.customer_updated', account, {
  description: "An account's data changed; what is new came as traits.",
});

export const customerDeleted = event('ec.customer_deleted', account, {
  description: 'An account was closed. What is known of the person stays until erasure is asked for.',
});
