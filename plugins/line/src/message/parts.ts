import { z } from 'zod';
import { templateProblem } from './template.ts';

/** A text that may name traits, of at most `longest` UTF-16 units, as LINE counts. */
export const template = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .superRefine((value, context) => {
      const message = templateProblem(value);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    });

// Scheme and host are never a customer's data: a value must not decide where a link leads.
const address = (pattern: RegExp, message: string, longest: number) => template(longest).regex(pattern, message);
export const httpsUrl = address(/^https:\/\/[^\s/{?#]+([/?#]|$)/, 'write an address that begins with https:// and a host', 2000);
const link = address(
  /^(https?:\/\/[^\s/{?#]+([/?#]|$)|line:\/\/|tel:|mailto:)/,
  'write an address with https://, http://, line://, tel: or mailto:',
  1000,
);

const label = template(20).optional();

/** What a tap does. Source: "Action objects" of the Messaging API reference. */
export const action = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('uri'),
    label: template(40).optional(),
    uri: link,
    altUri: z.strictObject({ desktop: link }).optional(),
  }),
  z.strictObject({ type: z.literal('message'), label: template(40).optional(), text: template(300) }),
  z.strictObject({
    type: z.literal('postback'),
    label: template(40).optional(),
    data: template(300),
    displayText: template(300).optional(),
    inputOption: z.enum(['openRichMenu', 'closeRichMenu', 'openKeyboard', 'openVoice']).optional(),
    fillInText: template(300).optional(),
  }),
  z.strictObject({
    type: z.literal('datetimepicker'),
    label: template(40).optional(),
    data: template(300),
    mode: z.enum(['date', 'time', 'datetime']),
    initial: z.string().optional(),
    min: z.string().optional(),
    max: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('clipboard'), label: template(40).optional(), clipboardText: template(1000) }),
  z.strictObject({ type: z.enum(['camera', 'cameraRoll', 'location']), label }),
]);

export const quickReply = z.strictObject({
  items: z
    .array(z.strictObject({ type: z.literal('action').default('action'), imageUrl: httpsUrl.optional(), action }))
    .min(1)
    .max(13),
});

export const sender = z.strictObject({ name: z.string().min(1).max(20).optional(), iconUrl: httpsUrl.optional() });
