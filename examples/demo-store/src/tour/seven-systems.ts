import { partnerSecrets } from '../config.ts';
import type { Mail } from '../mail/sink.ts';
import { accounts } from '../partners/answers.ts';
import type { Said } from '../partners/partners.ts';
import { coffeeShop, couponSubject } from '../segments.ts';
import { lineSays, logIn, setOut } from './partner-calls.ts';
import { ringUp, type Scene, shopSays } from './scene.ts';
import { type Step, within } from './step.ts';

const mei = { account: 'mei-2026', member: 'M9000031', email: 'mei.sato@mail.example' } as const;
const ken = { account: 'ken-2026', email: 'ken.abe@mail.example', foursquare: '1709194' } as const;
const given = (purpose: string, channel: string) => ({
  purpose,
  channel,
  state: 'GIVEN',
  evidence: { form: 'sign-up', notice: '2026-04' },
});

const known = `query Known($identity: IdentityInput!) {
  customerBy(identity: $identity) { identities { namespace } consents { purpose channel state } segments { segment { key } } }
}`;
interface Known {
  readonly customerBy: {
    readonly identities: readonly { readonly namespace: string }[];
    readonly consents: readonly { readonly purpose: string; readonly channel: string; readonly state: string }[];
    readonly segments: readonly { readonly segment: { readonly key: string } }[];
  };
}

const lookAt = async ({ frontEnd }: Scene, value: string): Promise<Known['customerBy']> =>
  (await frontEnd.graphql<Known>(known, { identity: { namespace: 'email', value } })).customerBy;

/** An order in the shop that says who ordered and what they agreed to. */
const order = ({ account, email }: { account: string; email: string }, consents: readonly object[], lastName: string) => ({
  topic: 'order.completed',
  id: `${account}-order`,
  at: new Date().toISOString(),
  customer: { id: account, email, phone: account === mei.account ? '080-1111-2222' : undefined, traits: { lastName }, consents },
  data: { order_id: `${account}-order`, total: 3200, currency: 'JPY' },
});

/** A check-in as Foursquare pushes it. */
async function checkIn(url: string, user: string, id: string): Promise<number> {
  const checkin = {
    id,
    createdAt: Math.floor(Date.now() / 1000),
    type: 'checkin',
    timeZoneOffset: 540,
    venue: {
      id: '4b4429abf964a520a80f25e3',
      name: '喫茶えにし',
      location: { lat: 35.67, lng: 139.7, city: '渋谷区', cc: 'JP' },
      categories: [{ id: coffeeShop, name: 'Coffee Shop', primary: true }],
    },
  };
  const form = { checkin: JSON.stringify(checkin), user: JSON.stringify({ id: user }), secret: partnerSecrets.foursquare };
  return (await fetch(`${url}/hooks/foursquare/push`, { method: 'POST', body: new URLSearchParams(form) })).status;
}

/** Resolves with the first thing said to a partner, from now on, that matches. */
const saying = ({ partners }: Scene, matches: (said: Said) => boolean): Promise<Said> =>
  new Promise((resolve) => {
    const stop = partners.onSaid((said) => {
      if (!matches(said)) return;
      stop();
      resolve(said);
    });
  });

/** The first mail to somebody, from now on, with this subject: a greeting to whoever has just subscribed may come between. */
const mailing = ({ mail }: Scene, to: string, subject: string): Promise<Mail> =>
  new Promise((resolve) => {
    const stop = mail.onMail((one) => {
      if (!one.to.includes(to) || one.subject !== subject) return;
      stop();
      resolve(one);
    });
  });

const pushed = ({ path, body }: Said): boolean =>
  path === '/v2/bot/message/push' && (body as { to?: unknown } | undefined)?.to === accounts.line;
const audience = (method: string) => (said: Said) => said.method === method && said.path === '/v24.0/120/users';

/** Store, shop, LINE, Facebook, Foursquare, mail and advertising know one person; what she allows decides, everywhere. */
export const sevenSystems = (scene: Scene): Step[] => [
  {
    title: 'Seven systems come to know one person / 7つのシステムが1人のお客様に',
    expected: 'one customer with card, account, e-mail, telephone, LINE, Facebook and Foursquare',
    look: async () => {
      const { url } = scene;
      const at = new Date().toISOString();
      await ringUp(url, [
        {
          store_id: 'S02',
          receipt_number: 'MEI-1',
          at,
          customer: { member: mei.member, phone: '08011112222' },
          total: 980,
          currency: 'JPY',
        },
      ]);
      await shopSays(url, [order(mei, [given('marketing', 'email'), given('advertising', 'ads')], '佐藤')]);
      await lineSays(url, { type: 'follow', follow: { isUnblocked: false } });
      const dialog = await setOut(scene, 'line.account-link', [
        { namespace: 'line.user', value: accounts.line },
        { namespace: 'member', value: mei.member },
      ]);
      await lineSays(url, { type: 'accountLink', link: { result: 'ok', nonce: dialog.searchParams.get('nonce') } });
      const who = { namespace: 'member', value: mei.member };
      await logIn(scene, 'facebook.login', { who, account: accounts.facebook });
      await logIn(scene, 'foursquare.login', { who, account: accounts.foursquare });
      const { identities } = await lookAt(scene, mei.email);
      const spaces = identities.map(({ namespace }) => namespace).toSorted();
      const wanted = ['ec.customer', 'email', 'facebook.user', 'foursquare.user', 'line.user', 'member', 'phone'];
      return { ok: spaces.join() === wanted.join(), seen: spaces.join(', ') };
    },
  },
  {
    title: 'She checks in at a coffee shop / コーヒー店でチェックイン',
    expected: 'a coupon by LINE, which she allowed, and her e-mail, hashed, in the audience at Meta',
    look: async () => {
      const came = within(20, 'the coupon and the audience', Promise.all([saying(scene, pushed), saying(scene, audience('POST'))]));
      await checkIn(scene.url, accounts.foursquare, '5f2a1b3c4d5e6f708192a3b4');
      const [coupon, added] = await came;
      const [text] = (coupon.body as { messages: { text: string }[] }).messages.map((message) => message.text);
      const hashed = !JSON.stringify(added.body).includes('@');
      return {
        ok: text?.startsWith('佐藤様') === true && hashed,
        seen: `LINE: ${text}; Meta: one person, ${hashed ? 'hashed' : 'in clear'}`,
      };
    },
  },
  {
    title: 'Ken has no LINE / LINEのない健さん',
    expected: 'the same coupon by e-mail',
    look: async () => {
      const { url } = scene;
      await shopSays(url, [order(ken, [given('marketing', 'email')], '阿部')]);
      await logIn(scene, 'foursquare.login', { who: { namespace: 'ec.customer', value: ken.account }, account: ken.foursquare });
      const coupon = within(20, 'the e-mail', mailing(scene, ken.email, couponSubject));
      await checkIn(url, ken.foursquare, '5f2a1b3c4d5e6f708192a3b5');
      const { subject, text } = await coupon;
      return { ok: text.includes('阿部様') && text.includes('COFFEE100'), seen: subject };
    },
  },
  {
    title: 'Mei takes everything back / 芽衣さんがすべて取り消す',
    expected: 'she is taken out of the audience at Meta, and nothing is in force any more',
    look: async () => {
      const gone = within(20, 'the removal', saying(scene, audience('DELETE')));
      const decisions = [
        ['marketing', 'line'],
        ['marketing', 'email'],
        ['advertising', 'ads'],
      ].map(([purpose, channel]) => ({ purpose, channel, state: 'WITHDRAWN', evidence: { form: 'preference page' } }));
      await scene.privacy.graphql('mutation ($consents: [ConsentInput!]!) { recordConsents(consents: $consents) { status } }', {
        consents: [{ identifiers: { email: mei.email }, decisions }],
      });
      await gone;
      const { consents } = await lookAt(scene, mei.email);
      const marketing = consents.filter(({ purpose }) => purpose === 'marketing' || purpose === 'advertising');
      return {
        ok: marketing.length === 3 && marketing.every(({ state }) => state === 'WITHDRAWN'),
        seen: `Meta: removed; ${marketing.map(({ purpose, channel, state }) => `${purpose}/${channel} ${state}`).join(', ')}`,
      };
    },
  },
];
