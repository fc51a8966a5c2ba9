import { consentWord, secret } from '@enishi/plugin-sdk';
import { z } from 'zod';

const follow = z.strictObject({
  purposes: z
    .array(consentWord)
    .default([])
    .describe(
      'Purposes that somebody agrees to on the channel "line" by adding the account as a friend, beside "service". Name "marketing" only where the page that asks people to add the account says that they will get advertising.',
    ),
  notice: z.string().max(500).optional().describe('Version or address of that page: kept as evidence with each consent.'),
});

const messages = z.strictObject({
  keepText: z
    .boolean()
    .default(false)
    .describe('Store what people write. Events are never changed, so a text that is taken back later stays stored.'),
  keywords: z
    .array(z.string().min(1).max(100))
    .max(500)
    .default([])
    .describe('Words that are kept, when a whole message is one of them, even where texts are not.'),
});

/** Present where people tie their accounts from the chat. */
const accountLink = z.strictObject({
  page: z.url().describe('Your log-in page. It is opened with ?lineUser=…, for createAccountLink.'),
  postback: z.string().min(1).max(300).default('enishi:link').describe('Postback data, of a rich menu say, that asks for the link.'),
  text: z.string().min(1).max(160).default('会員アカウントと連携します。').describe('What the answer in the chat says.'),
  label: z.string().min(1).max(20).default('連携する').describe('The button under it.'),
});

const login = z.strictObject({
  channelId: z
    .string()
    .regex(/^\d+$/)
    .describe('Id of the LINE Login channel; it must belong to the same provider as the Messaging API channel.'),
  channelSecret: secret(),
  scopes: z
    .array(z.enum(['profile', 'email']))
    .default(['profile'])
    .describe('Asked for beside openid. "email" needs an application to LINE.'),
  addFriend: z
    .enum(['normal', 'aggressive'])
    .optional()
    .describe('Offer to add the Official Account, on the consent page or on one of its own.'),
  purposes: z
    .array(consentWord)
    .min(1)
    .default(['personalisation'])
    .describe('What the granted data may be used for, as your page tells people.'),
  trustEmail: z.boolean().default(false).describe('Take the e-mail address that LINE gives as an identifier of the person.'),
});

export const config = z
  .strictObject({
    channelSecret: secret().describe('Channel secret of the Messaging API channel: signs the webhook.'),
    channelAccessToken: secret().optional().describe('A long-lived channel access token. Without it short ones are issued by themselves.'),
    channelId: z.string().regex(/^\d+$/).optional().describe('Channel id: with the secret it issues tokens of 15 minutes.'),
    follow: follow.prefault({}),
    messages: messages.prefault({}),
    accountLink: accountLink.optional(),
    login: login.optional(),
    apiUrl: z.url().default('https://api.line.me'),
    dataUrl: z.url().default('https://api-data.line.me').describe('Where files are uploaded.'),
    accessUrl: z.url().default('https://access.line.me').describe('Where people see the pages of LINE Login and account link.'),
  })
  .refine(({ channelAccessToken, channelId }) => channelAccessToken !== undefined || channelId !== undefined, {
    message: 'give channelAccessToken, or channelId so that tokens can be issued',
    path: ['channelAccessToken'],
  });

export type Settings = z.output<typeof config>;
export type LoginSettings = NonNullable<Settings['login']>;
