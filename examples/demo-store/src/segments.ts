import { orderCompleted, productAdded } from '@enishi/plugin-ec';
import { visited } from '@enishi/plugin-foursquare';
import { purchaseCompleted } from '@enishi/plugin-pos';
import { all, any, did, never, not, type Rule } from '@enishi/plugin-sdk';

interface Segment {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly rule: Rule;
}

const bought = any(did(orderCompleted), did(purchaseCompleted));

/** The segments of the demo's marketers. Shop and stores count together: to the customer they are one company. */
export const segments: readonly Segment[] = [
  {
    key: 'first-purchase',
    name: '初めてのお買い物 / First purchase in 30 days',
    description: 'Bought once so far, within 30 days. The second purchase decides whether somebody stays.',
    rule: any(
      all(did(orderCompleted, { count: { equals: 1 } }), did(orderCompleted, { first: { within: 'P30D' } }), never(purchaseCompleted)),
      all(did(purchaseCompleted, { count: { equals: 1 } }), did(purchaseCompleted, { first: { within: 'P30D' } }), never(orderCompleted)),
    ),
  },
  {
    key: 'repeat',
    name: 'リピーター / Repeat buyers',
    description: 'At least two purchases in one place within half a year, or one in each.',
    rule: any(
      did(orderCompleted, { count: { atLeast: 2 }, within: 'P180D' }),
      did(purchaseCompleted, { count: { atLeast: 2 }, within: 'P180D' }),
      all(did(orderCompleted, { within: 'P180D' }), did(purchaseCompleted, { within: 'P180D' })),
    ),
  },
  {
    key: 'lapsed-90-days',
    name: '休眠 / No purchase for 90 days',
    description: 'Bought before, but neither in the shop nor in a store for 90 days. Exact to the second.',
    rule: all(bought, did(orderCompleted, { never: true, within: 'P90D' }), did(purchaseCompleted, { never: true, within: 'P90D' })),
  },
  {
    key: 'gold',
    name: 'ゴールド / Gold by spend',
    description: 'Spent at least ¥100,000 in the shop or in stores within a year.',
    rule: any(
      did(orderCompleted, { sum: { of: 'total', atLeast: 100_000 }, within: 'P365D' }),
      did(purchaseCompleted, { sum: { of: 'total', atLeast: 100_000 }, within: 'P365D' }),
    ),
  },
  {
    key: 'newsletter',
    name: 'メルマガ購読 / Newsletter subscribers',
    description: 'Agreed to marketing by e-mail.',
    rule: { consent: { purpose: 'marketing', channel: 'email' }, is: 'GIVEN' },
  },
  {
    key: 'cart-abandoners',
    name: 'カゴ落ち / Left the cart',
    description: 'Put something into the cart within three days and ordered nothing in them.',
    rule: all(did(productAdded, { within: 'P3D' }), not(did(orderCompleted, { within: 'P3D' }))),
  },
];

/** Coffee shops, as Foursquare numbers kinds of places. */
export const coffeeShop = '4bf58dd8d48988d1e0931735';
const lineAllowed: Rule = { consent: { purpose: 'marketing', channel: 'line' }, is: 'GIVEN' };
const coffeeLovers = all(bought, visited({ category: coffeeShop, within: 'P30D' }));

export const couponSubject = 'コーヒー豆100円引きクーポン';

/** What the systems of others add: where people go, how they may be reached. */
export const partnerSegments: readonly Segment[] = [
  {
    key: 'coffee-lovers',
    name: 'コーヒー好き / Coffee lovers',
    description: 'Bought from us and were in a coffee shop within 30 days.',
    rule: coffeeLovers,
  },
  {
    key: 'coffee-by-line',
    name: 'コーヒー好き・LINE / Coffee lovers, by LINE',
    description: 'Coffee lovers who agreed to marketing by LINE.',
    rule: all(coffeeLovers, lineAllowed),
  },
  {
    key: 'coffee-by-mail',
    name: 'コーヒー好き・メール / Coffee lovers, by e-mail',
    description: 'The other coffee lovers who agreed to marketing by e-mail.',
    rule: all(coffeeLovers, not(lineAllowed), { consent: { purpose: 'marketing', channel: 'email' }, is: 'GIVEN' }),
  },
];

export const partnerPrograms = [
  {
    key: 'coffee-coupon-line',
    name: 'コーヒークーポン・LINE / Coffee coupon by LINE',
    segment: 'coffee-by-line',
    trigger: 'ENTERED',
    destination: 'line.message',
    message: {
      messages: [{ type: 'text', text: '{{lastName}}様、今月のコーヒー豆100円引きクーポンです。COFFEE100' }],
      fallbacks: { lastName: 'お客' },
    },
  },
  {
    key: 'coffee-coupon-mail',
    name: 'コーヒークーポン・メール / Coffee coupon by e-mail',
    segment: 'coffee-by-mail',
    trigger: 'ENTERED',
    destination: 'email.message',
    message: { subject: couponSubject, text: '{{lastName}}様\n\nCOFFEE100\n', fallbacks: { lastName: 'お客' } },
  },
  {
    key: 'coffee-audience',
    name: 'コーヒー好きの広告 / Coffee lovers at Meta',
    segment: 'coffee-lovers',
    trigger: 'BOTH',
    destination: 'ads.meta',
    message: { audience: '120' },
  },
] as const;

/** What is sent when somebody enters one of them. */
export const programs = [
  {
    key: 'welcome-coupon',
    name: '初回購入のお礼 / Thanks for the first purchase',
    segment: 'first-purchase',
    trigger: 'ENTERED',
    destination: 'email.message',
    message: {
      subject: '{{lastName}}様、はじめてのお買い物ありがとうございます',
      text: '{{lastName}}様\n\nこのたびは誠にありがとうございます。14日以内のお買い物にお使いいただける10%オフクーポンをお贈りします。\n\nクーポン: NEXT10\n',
      fallbacks: { lastName: 'お客' },
    },
  },
  {
    key: 'we-miss-you',
    name: '休眠のお客様へ / We miss you',
    segment: 'lapsed-90-days',
    trigger: 'ENTERED',
    destination: 'email.message',
    message: {
      subject: 'お元気ですか？ 新作が入荷しました',
      text: '{{lastName}}様\n\nご無沙汰しております。しばらくお目にかかれず、さびしく思っております。\n',
      fallbacks: { lastName: 'お客' },
    },
  },
  {
    key: 'thanks-for-coming-back',
    name: '再来店のお礼 / Thanks for coming back',
    segment: 'repeat',
    trigger: 'ENTERED',
    destination: 'email.message',
    message: {
      subject: '{{lastName}}様、またのお買い物ありがとうございます',
      text: '{{lastName}}様\n\nいつもご利用いただきありがとうございます。次回お使いいただける500ポイントをお贈りしました。\n',
      fallbacks: { lastName: 'お客' },
    },
  },
] as const;
