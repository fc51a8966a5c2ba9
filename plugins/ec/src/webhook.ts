import { hmacSignature, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { message, toDraft } from './message.ts';

export const signatureHeader = 'x-enishi-signature';

const body = z.object({ messages: z.array(message).min(1).max(500) });

/** Messages of a shop of one's own making. The documents vendors send are translated to the same events by sources beside this one. */
export const shopWebhook = (settings: { secret: string; shop: string | undefined }): WebhookSource =>
  webhook({
    description: 'Orders, carts and customers as signed JSON: Base64 HMAC-SHA256 of the raw body in X-Enishi-Signature.',
    body,
    verify: hmacSignature({ header: signatureHeader, secret: settings.secret, encoding: 'base64' }),
    receive: ({ messages }) => messages.map((each) => toDraft(each, settings.shop)),
  });
