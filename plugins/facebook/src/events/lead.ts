import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { id, text } from './fields.ts';

const form = { leadgen_id: id, page_id: id.optional(), form_id: id.optional(), ad_id: id.optional(), campaign_id: id.optional() };

export const leadSubmitted = event(
  'facebook.lead_submitted',
  z.looseObject({
    ...form,
    answers: z.record(z.string(), text),
    ticked: z.array(text),
    is_organic: z.boolean().optional(),
    platform: text.optional(),
  }),
  { description: 'Somebody sent a lead form; `answers` by the name of the question, `ticked` the keys of the boxes ticked.' },
);

export const leadUnread = event('facebook.lead_unread', z.looseObject({ ...form, reason: text }), {
  description: 'A lead form was sent, and Facebook refuses to hand it out. Once mended: `enishi backfill facebook.leads --option lead=ID`.',
});
