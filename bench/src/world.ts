import type { Submission } from '@enishi/core';
import { definePlugin, event, type Rule, trait } from '@enishi/plugin-sdk';
import { z } from 'zod';

const product = z.object({ product_id: z.string(), name: z.string(), price: z.number(), quantity: z.number() });
export const completed = event(
  'store.order_completed',
  z.object({ order_id: z.string(), total: z.number(), currency: z.string(), products: z.array(product) }),
  { description: 'A purchase.', trackedAs: ['Order Completed'] },
);
export const viewed = event(
  'store.product_viewed',
  z.object({ product_id: z.string(), name: z.string(), price: z.number(), category: z.string(), url: z.string() }),
  { description: 'A product was looked at.', trackedAs: ['Product Viewed'] },
);
export const rank = trait('store.rank', z.string(), { description: 'Rank.' });

export const store = definePlugin({
  name: 'store',
  description: 'The benchmark store.',
  config: z.object({}),
  events: [completed, viewed],
  traits: [rank],
})({});

/** Twenty segments as a retailer has them: of traits, of purchases, of visits, with and without windows. */
export const segments: Record<string, Rule> = {
  buyers: { event: 'store.order_completed' },
  'first-time': { event: 'store.order_completed', count: { equals: 1 } },
  repeat: { event: 'store.order_completed', count: { atLeast: 2 } },
  loyal: { event: 'store.order_completed', within: 'P90D', count: { atLeast: 5 } },
  'big-spender': { event: 'store.order_completed', within: 'P365D', sum: { of: 'total', atLeast: 100_000 } },
  'spent-month': { event: 'store.order_completed', within: 'P30D', sum: { of: 'total', atLeast: 30_000 } },
  'lapsed-90': { event: 'store.order_completed', last: { olderThan: 'P90D' } },
  'new-30': { event: 'store.order_completed', first: { within: 'P30D' } },
  'big-basket': { event: 'store.order_completed', where: [{ property: 'total', atLeast: 20_000 }] },
  'tea-lover': { event: 'store.order_completed', where: [{ property: 'products.product_id', is: 'p7' }] },
  'active-week': { event: 'store.product_viewed', within: 'P7D', count: { atLeast: 3 } },
  'active-day': { event: 'store.product_viewed', last: { within: 'P1D' } },
  'window-shopper': {
    all: [
      { event: 'store.product_viewed', count: { atLeast: 5 } },
      { event: 'store.order_completed', never: true },
    ],
  },
  'looks-at-shoes': { event: 'store.product_viewed', where: [{ property: 'category', is: 'shoes' }], within: 'P30D' },
  gold: { trait: 'store.rank', is: 'gold' },
  'gold-quiet': { all: [{ trait: 'store.rank', is: 'gold' }, { not: { event: 'store.order_completed', within: 'P30D' } }] },
  tokyo: { trait: 'city', is: 'Tokyo' },
  young: { trait: 'birthYear', atLeast: 1996 },
  mailable: { all: [{ identity: 'email' }, { consent: { purpose: 'marketing', channel: 'email' }, is: 'GIVEN' }] },
  'browsing-member': { all: [{ identity: 'member' }, { event: 'enishi.page_viewed', within: 'P3D' }] },
};

/** A small random generator with a seed: the same world in every run. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const cities = ['Tokyo', 'Osaka', 'Nagoya', 'Sapporo', 'Fukuoka'];
const categories = ['shoes', 'tea', 'books', 'garden'];
const day = 86_400_000;

/** What a browser's client sends along with every event. */
const contextOf = (place: number, page: string) => ({
  library: { name: 'analytics.js', version: '2.11.1' },
  page: {
    path: page,
    referrer: 'https://search.example/',
    search: '?utm_source=newsletter',
    title: `Page ${place % 977}`,
    url: `https://shop.example${page}`,
  },
  campaign: { source: 'newsletter', medium: 'email', name: `autumn-${place % 50}` },
  userAgent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  locale: 'ja-JP',
  timezone: 'Asia/Tokyo',
  ip: `10.1.${place % 250}.7`,
  screen: { width: 390, height: 844, density: 3 },
});

export interface Traffic {
  readonly count: number;
  readonly people: number;
  readonly seed: number;
  readonly now: number;
}

/**
 * What a retailer's day brings: 45 % page views and 35 % product views (a third of them on a device only), 10 % purchases
 * (half by member card, half by e-mail), 10 % identify calls with four traits that tie member, e-mail and phone.
 */
export function traffic({ count, people, seed, now }: Traffic): Submission[] {
  const random = randomOf(seed);
  const pick = <TItem>(items: readonly TItem[]): TItem => items[Math.floor(random() * items.length)] as TItem;
  return Array.from({ length: count }, (_, place): Submission => {
    const person = Math.floor(random() * people);
    const [member, email, anonymous] = [`M${1_000_000 + person}`, `person${person}@shop.example`, `device-${person}`];
    const at = new Date(now - Math.floor(random() * day * 2));
    const id = `${seed}-${place}`;
    const dice = random();
    if (dice < 0.45) {
      return {
        id,
        type: 'enishi.page_viewed',
        at,
        identifiers: random() < 0.33 ? { anonymous } : { email },
        properties: {
          path: `/catalog/${place % 977}`,
          title: `Catalogue page ${place % 977}`,
          url: `https://shop.example/catalog/${place % 977}?utm_source=newsletter&utm_campaign=autumn`,
          referrer: 'https://search.example/?q=running+shoes',
        },
        context: contextOf(place, `/catalog/${place % 977}`),
      };
    }
    if (dice < 0.8) {
      return {
        id,
        type: 'store.product_viewed',
        at,
        identifiers: random() < 0.33 ? { anonymous, email } : { email },
        properties: {
          product_id: `p${place % 500}`,
          name: `Product ${place % 500}`,
          price: 1200 + (place % 90) * 10,
          category: pick(categories),
          url: `https://shop.example/products/p${place % 500}`,
        },
        context: contextOf(place, `/products/p${place % 500}`),
      };
    }
    if (dice < 0.9) {
      const products = Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({
        product_id: `p${Math.floor(random() * 500)}`,
        name: 'Something useful',
        price: 980 + Math.floor(random() * 9000),
        quantity: 1,
      }));
      const total = products.reduce((sum, { price }) => sum + price, 0);
      return {
        id,
        type: 'store.order_completed',
        at,
        identifiers: random() < 0.5 ? { member } : { email },
        properties: { order_id: id, total, currency: 'JPY', products },
      };
    }
    return {
      id,
      type: 'enishi.identified',
      at,
      identifiers: { member, email, phone: `090${String(10_000_000 + person)}` },
      properties: {},
      traits: {
        firstName: '花子',
        city: pick(cities),
        birthYear: 1950 + (person % 55),
        'store.rank': person % 10 === 0 ? 'gold' : 'silver',
      },
    };
  });
}
