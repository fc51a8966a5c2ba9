import { consentWord, secret } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { permissionNames } from './permissions.ts';

export const settings = z.strictObject({
  appId: z.string().regex(/^\d+$/, 'the number of the app').describe('Id of the app at developers.facebook.com.'),
  appSecret: secret().describe('Its secret: signs webhooks, callbacks and calls.'),
  verifyToken: secret().describe('The word Facebook must repeat when the webhook is set up. Choose any.'),
  pages: z
    .array(z.strictObject({ id: z.string().regex(/^\d+$/), accessToken: secret() }))
    .default([])
    .describe('Pages whose leads are fetched, each with a page token that has `leads_retrieval`.'),
  permissions: z
    .array(z.enum(permissionNames))
    .min(1)
    .default(['public_profile', 'email'])
    .describe('What the login asks for. All but the first two need App Review.'),
  purposes: z
    .array(consentWord)
    .min(1)
    .max(5)
    .default(['personalisation'])
    .describe('What the data is used for, as the screen before the login says.'),
  leadConsents: z
    .record(z.string(), z.array(z.strictObject({ purpose: consentWord, channel: consentWord })).min(1))
    .default({})
    .describe('What ticking a box of a lead form permits, by the key of the box.'),
  version: z
    .string()
    .regex(/^v\d+\.\d+$/, 'a version such as v25.0')
    .default('v25.0')
    .describe('Version of the Graph API.'),
  graphUrl: z.url().default('https://graph.facebook.com'),
  dialogUrl: z.url().default('https://www.facebook.com'),
});

export type Settings = z.output<typeof settings>;
