import { type Host, hostOf, secret } from '@enishi/plugin-sdk';
import { z } from 'zod';
import type { SmaregiSettings } from './smaregi/settings.ts';
import type { SquareSettings } from './square/settings.ts';

const address = (usual: string) =>
  z
    .url({ protocol: /^https?$/ })
    .default(usual)
    .transform((url) => url.replace(/\/+$/, ''));

const square = z.object({
  /** Signs the webhook; shown in the developer console beside the subscription. */
  signatureKey: secret(),
  /** The address of the webhook exactly as it was registered. Default: the public address of this source. */
  notificationUrl: z.url().optional(),
  accessToken: secret(),
  /** `https://connect.squareupsandbox.com` for the sandbox. */
  url: address('https://connect.squareup.com'),
  version: z.iso.date().default('2026-09-16'),
  /** Whether a customer's `reference_id` is the number of their member card. */
  referenceIsMember: z.boolean().default(false),
});

const smaregi = z.object({
  contractId: z.string().regex(/^[\w-]+$/),
  clientId: z.string().min(1),
  clientSecret: secret(),
  /** The header of one's own that is set in the console, and what it holds. */
  header: z
    .string()
    .regex(/^[\w-]+$/)
    .default('x-enishi-secret'),
  secret: z.string().min(16).meta({ secret: true }),
  /** `https://id.smaregi.dev` and `https://api.smaregi.dev` for the sandbox. */
  idUrl: address('https://id.smaregi.jp'),
  apiUrl: address('https://api.smaregi.jp'),
});

export const config = z.object({
  /** Signs the webhook for tills of one's own making. Without it there is no such webhook. */
  webhookSecret: secret().optional(),
  /** Name of the chain, where the workspace has more than one: their store, receipt and household numbers are then kept apart. */
  chain: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .optional(),
  square: square.optional(),
  smaregi: smaregi.optional(),
});

type Config = z.output<typeof config>;

/** The systems that are asked. */
export const hostsOf = ({ square, smaregi }: Config): string[] =>
  [square?.url, smaregi?.idUrl, smaregi?.apiUrl].flatMap((url) => (url === undefined ? [] : [hostOf(url)]));

export const squareSettings = ({ square, chain }: Config, host: Host): SquareSettings | undefined =>
  square && { ...square, notificationUrl: () => square.notificationUrl ?? host.urlOf('square'), chain };

export const smaregiSettings = ({ smaregi, chain }: Config): SmaregiSettings | undefined => smaregi && { ...smaregi, chain };
