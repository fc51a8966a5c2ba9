import { consentWord, secret } from '@enishi/plugin-sdk';
import { z } from 'zod';

export const settings = z.strictObject({
  clientId: z.string().min(1).describe('Client id of the app in the developer console.'),
  clientSecret: secret().describe('Its secret.'),
  pushSecret: secret().optional().describe('The push secret of the console. Without it there is no user push.'),
  movementSecret: secret().optional().describe('The secret of the Movement SDK webhook. Without it there is none.'),
  person: z
    .strictObject({ key: z.string().min(1), namespace: z.string().min(1) })
    .default({ key: 'userId', namespace: 'user' })
    .describe('Which entry of the Movement SDK’s userInfo names the person, and the namespace of what stands there.'),
  purposes: z
    .array(consentWord)
    .min(1)
    .max(5)
    .default(['personalisation'])
    .describe('What the data is used for, as the screen before the link says.'),
  decimals: z
    .int()
    .min(0)
    .max(6)
    .nullable()
    .default(3)
    .describe('Decimals kept of a coordinate: 3 is about 100 m, 2 about 1 km; null keeps none at all.'),
  privateCheckins: z.enum(['drop', 'keep']).default('drop').describe('What becomes of check-ins marked private.'),
  topCategories: z.int().min(1).max(20).default(5).describe('How many kinds of place count as interests.'),
  version: z
    .string()
    .regex(/^\d{8}$/, 'a date such as 20260101')
    .default('20260101')
    .describe('The day of the API this speaks to, the parameter `v`.'),
  locale: z.string().min(2).max(10).optional().describe('Language of names of places, such as `ja`.'),
  tokenIn: z.enum(['query', 'header']).default('query').describe('Where the user’s token goes: `oauth_token`, or Authorization.'),
  apiUrl: z.url().default('https://api.foursquare.com'),
  siteUrl: z.url().default('https://foursquare.com'),
});

export type Settings = z.output<typeof settings>;
