import { hostOf, secret } from '@enishi/plugin-sdk';
import { z } from 'zod';

/** Stands before the numbers of a shop, where the workspace has more than one: their accounts and orders are then kept apart. */
const shop = z
  .string()
  .regex(/^[a-z0-9-]+$/)
  .optional();

const address = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));
const stateIds = (...usual: number[]) => z.array(z.int()).default(usual);

const shopify = z.object({
  /** The client secret of the app, with which Shopify signs. */
  webhookSecret: secret(),
  shop,
});

const eccube = z.object({
  url: address,
  clientId: z.string().min(1),
  clientSecret: secret(),
  /** From the shop's authorisation page. Newer ones are kept by the plugin itself. */
  refreshToken: secret(),
  webhookSecret: secret(),
  shop,
  /** Ids of order states; they are the shop's master data, which may be changed. */
  cancelled: stateIds(3),
  returned: stateIds(9),
  unfinished: stateIds(7, 8),
});

const woocommerce = z.object({
  url: address,
  consumerKey: secret(),
  consumerSecret: secret(),
  webhookSecret: secret(),
  shop,
});

export const config = z
  .object({
    /** Signs the webhook for shops of one's own making. Without it there is no such webhook. */
    webhookSecret: secret().optional(),
    shop,
    shopify: shopify.optional(),
    eccube: eccube.optional(),
    woocommerce: woocommerce.optional(),
  })
  .superRefine((given, context) => {
    const named = [given.shopify, given.eccube, given.woocommerce]
      .filter((each) => each !== undefined)
      .map((each) => each.shop ?? given.shop);
    // Account 5001 of one shop is another person than account 5001 of the other.
    if (new Set(named).size < named.length)
      context.addIssue({
        code: 'custom',
        path: ['shop'],
        message: 'give each shop system its own `shop`, so that their numbers are kept apart',
      });
  });

type Config = z.output<typeof config>;

/** The shops that are asked. Shopify only calls. */
export const hostsOf = ({ eccube, woocommerce }: Config): string[] =>
  [eccube, woocommerce].flatMap((each) => (each === undefined ? [] : [hostOf(each.url)]));
