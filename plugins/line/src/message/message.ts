import { z } from 'zod';
import { container, flexProblem } from './flex.ts';
import { httpsUrl, quickReply, sender, template } from './parts.ts';

const common = { quickReply: quickReply.optional(), sender: sender.optional() };
const mediaUrls = { originalContentUrl: httpsUrl, previewImageUrl: httpsUrl };
/** LINE counts UTF-16 units in a text and characters in the rest; both are lengths here. */
export const longest = { text: 5000, altText: 1500 };

const one = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: template(longest.text), ...common }),
  z.strictObject({ type: z.literal('sticker'), packageId: z.string().min(1), stickerId: z.string().min(1), ...common }),
  z.strictObject({ type: z.literal('image'), ...mediaUrls, ...common }),
  z.strictObject({
    type: z.literal('video'),
    ...mediaUrls,
    trackingId: z
      .string()
      .regex(/^[a-zA-Z0-9\-.=,+*()%$&;:@{}!?<>[\]]{1,100}$/)
      .optional(),
    ...common,
  }),
  z.strictObject({
    type: z.literal('location'),
    title: template(100),
    address: template(100),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    ...common,
  }),
  z
    .strictObject({ type: z.literal('flex'), altText: template(longest.altText), contents: container, ...common })
    .superRefine(({ contents }, context) => {
      const message = flexProblem(contents);
      if (message !== undefined) context.addIssue({ code: 'custom', message, path: ['contents'] });
    }),
  z.strictObject({ type: z.literal('coupon'), couponId: z.string().min(1), deliveryTag: z.string().max(30).optional(), ...common }),
]);

export type Content = z.output<typeof one>;

/**
 * The message a program holds: one to five message objects of LINE. Their texts are Mustache templates over the customer's traits:
 * `{{firstName}}様`, `{{#rank}}…{{/rank}}` where there is one, `{{^rank}}…{{/rank}}` where there is none.
 */
export const message = z.strictObject({
  messages: z.array(one).min(1).max(5),
  /** What stands in for a value that a customer does not have: `{ "firstName": "お客様" }`. */
  fallbacks: z.record(z.string().min(1), z.string()).default({}),
  /** Arrives without a sound. */
  silent: z.boolean().default(false),
  /** Counts this message apart in LINE's statistics. LINE must have opened that for the account. */
  unit: z
    .string()
    .regex(/^[a-zA-Z0-9_]{1,30}$/)
    .optional(),
});

export type Message = z.output<typeof message>;
