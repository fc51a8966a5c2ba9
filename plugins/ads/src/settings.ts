import { createPrivateKey } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { secret } from '@enishi/plugin-sdk';
import { isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';
import { type Field, google as googleTable, japaneseFile, metaAudience, metaConversion } from './normalise/index.ts';
import { addressOf, whereKnown } from './person.ts';

const place = z
  .string()
  .regex(/^[A-Z]{2}$/, 'two capital letters, such as JP')
  .refine(isSupportedCountry, 'no country of ISO 3166-1');
const url = z.url({ protocol: /^https?$/ });
const names = <TTable extends object>(table: TTable) => z.array(z.enum(Object.keys(table) as [keyof TTable & string])).min(1);
const trait = z.strictObject({ trait: z.string().min(1) });

const meta = z.strictObject({
  accessToken: secret().describe("A system user's token with ads_management."),
  appSecret: secret().optional().describe('Signs each call (appsecret_proof). Needed where the app requires it.'),
  version: z
    .string()
    .regex(/^v\d+\.\d+$/, 'such as v24.0')
    .default('v24.0')
    .describe('Version of the Graph API.'),
  baseUrl: url.default('https://graph.facebook.com'),
  fields: names(metaAudience).default(['email', 'phone']).describe('What audiences are told of a person.'),
  callsPerHour: z.int().positive().default(5000).describe("What the ad account's tier allows."),
  limitedDataUse: z
    .strictObject({
      of: z.union([z.literal('everybody'), trait]).describe('For everybody, or for whom this trait is true.'),
      country: z.int().min(0).default(0).describe('0: Meta finds out. 1: United States.'),
      state: z.int().min(0).default(0).describe('0: Meta finds out. 1000: California.'),
    })
    .optional()
    .describe('Limited Data Use (LDU).'),
  customerConsent: z.boolean().optional().describe('Sent along with audiences: the people agreed to it.'),
  conversions: z
    .strictObject({
      dataset: z.string().regex(/^\d+$/, 'digits').describe('Id of the dataset (pixel).'),
      fields: names(metaConversion).default(['email', 'phone']).describe('What conversions are told of a person.'),
      testEventCode: z.string().min(1).optional().describe("Shows events under the dataset's Test Events."),
      oldestDays: z.int().min(1).max(62).default(7).describe('Older events are refused here: one of them fails the whole call.'),
    })
    .optional(),
});

const googleAccount = z
  .string()
  .regex(/^[\d-]+$/, 'digits')
  .describe('Account number; dashes do not count.');
const consent = z.union([z.enum(['GRANTED', 'DENIED']), trait]).default('GRANTED');

const google = z.strictObject({
  clientEmail: z.email().describe('E-mail of the service account.'),
  privateKey: secret().refine(isPrivateKey, 'no private key in PEM').describe('private_key of its key file.'),
  operatingAccount: googleAccount,
  loginAccount: googleAccount.optional().describe('The manager account, where access comes through one.'),
  baseUrl: url.default('https://datamanager.googleapis.com'),
  tokenUrl: url.default('https://oauth2.googleapis.com/token'),
  fields: names(googleTable).default(['email', 'phone']),
  consent: z
    .strictObject({ adUserData: consent, adPersonalization: consent })
    .prefault({})
    .describe(
      'For everybody, or by person: GRANTED where this trait is true or says so. Whoever denies adUserData is not put in. The rule of each segment must ask for the trait too: only by the segment does a later decision take somebody out or let them in.',
    ),
  validateOnly: z.boolean().default(false).describe('Google checks each call and changes nothing.'),
});

const fileDrop = z.strictObject({
  folder: z.string().refine(isAbsolute, 'an absolute path').describe('Where files are put, below a folder for each workspace and list.'),
  fields: names(japaneseFile('domestic')).default(['email']),
  phoneForm: z
    .enum(['domestic', 'digits', 'e164'])
    .default('domestic')
    .describe('09012345678, 819012345678 or +819012345678, before hashing.'),
  extension: z.enum(['csv', 'txt']).optional().describe('How files end. Default: csv for LINE, txt for Yahoo! JAPAN.'),
  heading: z
    .string()
    .regex(/^[\w -]+$/)
    .optional()
    .describe('A first line above the values, where the upload form wants one.'),
});

export const settings = z
  .strictObject({
    country: place.default('JP').describe('Where people live who have not said it.'),
    /** Which identifiers and traits are which field; what is not named is never sent. */
    known: z
      .strictObject({
        email: whereKnown.default({ identifier: 'email' }),
        phone: whereKnown.default({ identifier: 'phone' }),
        givenName: whereKnown.optional(),
        familyName: whereKnown.optional(),
        birthday: whereKnown.optional(),
        gender: whereKnown.optional(),
        postalCode: whereKnown.optional(),
        prefecture: whereKnown.optional(),
        city: whereKnown.optional(),
        country: whereKnown.optional(),
        externalId: whereKnown.optional(),
        advertisingId: whereKnown.optional(),
        clickId: whereKnown.optional(),
        browserId: whereKnown.optional(),
        ipAddress: whereKnown.optional(),
        userAgent: whereKnown.optional(),
      })
      .prefault({})
      .describe('Which identifiers and traits are which field.'),
    meta: meta.optional(),
    google: google.optional(),
    line: fileDrop.optional().describe('LINE Ads, by file.'),
    yahoo: fileDrop.optional().describe('Yahoo! JAPAN Ads, by file.'),
  })
  .superRefine((given, context) => {
    for (const { path, fields } of tellings(given)) {
      const nowhere = fields.filter((field) => field !== 'country' && given.known[field] === undefined);
      for (const field of nowhere)
        context.addIssue({
          code: 'custom',
          path,
          message: `"${field}" is asked for, but known.${field} does not say where it is known from`,
        });
      if (nowhere.length === 0 && addressOf(given.known, fields) === undefined)
        context.addIssue({
          code: 'custom',
          path,
          message: 'at least one of email, phone, externalId and advertisingId must be an identifier',
        });
    }
  });

export type Settings = z.output<typeof settings>;
export type MetaSettings = z.output<typeof meta>;
export type GoogleSettings = z.output<typeof google>;
export type FileSettings = z.output<typeof fileDrop>;

const tellings = (given: Pick<Settings, 'meta' | 'google' | 'line' | 'yahoo'>): { path: string[]; fields: readonly Field[] }[] =>
  [
    { path: ['meta', 'fields'], fields: given.meta?.fields },
    { path: ['meta', 'conversions', 'fields'], fields: given.meta?.conversions?.fields },
    { path: ['google', 'fields'], fields: given.google?.fields },
    { path: ['line', 'fields'], fields: given.line?.fields },
    { path: ['yahoo', 'fields'], fields: given.yahoo?.fields },
  ].flatMap(({ path, fields }) => (fields === undefined ? [] : [{ path, fields }]));

/** A key pasted into an environment variable often has its line ends written out. */
export const pem = (key: string): string => key.replaceAll('\\n', '\n');

function isPrivateKey(key: string): boolean {
  try {
    createPrivateKey(pem(key));
    return true;
  } catch {
    return false;
  }
}
