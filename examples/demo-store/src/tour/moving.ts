import type { Client } from 'graphql-ws';
import type { Mail } from '../mail/sink.ts';
import { hanako, type Scene, shopSays } from './scene.ts';
import { type Step, within } from './step.ts';

interface Change {
  readonly change: 'ENTERED' | 'LEFT' | 'CURRENT';
  readonly at: string;
  readonly customerId: string | null;
  readonly cause: { readonly kind: string; readonly type: string | null } | null;
}

const changes = `subscription Watch($segment: String!) {
  segmentChanges(segment: $segment, heartbeats: true) { change at customerId cause { kind type } }
}`;

const day = 24 * 3_600_000;
/** Long enough for the order to be in before its ninety days are over. */
const ahead = 3000;

/** Watches a segment; resolves once it is being watched, with a promise of the customer's entering. */
async function watch(client: Client, segment: string, customerId: string): Promise<{ readonly entered: Promise<Change> }> {
  const stream = client.iterate<{ segmentChanges: Change }>({ query: changes, variables: { segment } });
  const next = async (): Promise<Change> => {
    const { value, done } = await stream.next();
    const change = (value as { data?: { segmentChanges: Change } } | undefined)?.data?.segmentChanges;
    if (done || change === undefined) throw new Error(`the subscription ended: ${JSON.stringify(value)}`);
    return change;
  };
  const until = async (matches: (change: Change) => boolean): Promise<Change> => {
    for (;;) {
      const change = await next();
      if (matches(change)) return change;
    }
  };
  await within(
    10,
    'the subscription settles',
    until(({ change }) => change === 'CURRENT'),
  );
  return {
    entered: until(({ change, customerId: id }) => change === 'ENTERED' && id === customerId).finally(() => void stream.return?.()),
  };
}

const order = (id: string, customer: Record<string, unknown>, at: Date) => ({
  topic: 'order.completed',
  id,
  at: at.toISOString(),
  customer,
  data: {
    order_id: id,
    total: 6990,
    currency: 'JPY',
    products: [{ product_id: '2000000000039', name: 'デニムパンツ', price: 6990, quantity: 1 }],
  },
});

const idOf = async ({ frontEnd }: Scene, namespace: string, value: string): Promise<string> => {
  const query = 'query Who($identity: IdentityInput!) { customerBy(identity: $identity) { id } }';
  const { customerBy } = await frontEnd.graphql<{ customerBy: { id: string } | null }>(query, { identity: { namespace, value } });
  if (customerBy === null) throw new Error(`nobody holds ${namespace} ${value}`);
  return customerBy.id;
};

/** Somebody buys: the segment moves while one watches, a mail goes out, and her no is heard. */
export function moving(scene: Scene): Step[] {
  const { url, mail, marketer, privacy } = scene;
  const received = (): Mail | undefined => mail.mails.find(({ to }) => to.includes(hanako.email));
  const state = `query Consent($identity: IdentityInput!) {
    customerBy(identity: $identity) { consents { purpose channel state } deliveries(first: 5) { nodes { status reason program { key } } } }
  }`;
  interface State {
    readonly customerBy: {
      readonly consents: readonly { readonly purpose: string; readonly channel: string; readonly state: string }[];
      readonly deliveries: {
        readonly nodes: readonly { readonly status: string; readonly reason: string | null; readonly program: { readonly key: string } }[];
      };
    };
  }
  const identity = { namespace: 'email', value: hanako.email };

  return [
    {
      title: 'She buys for the first time while a marketer watches / 初めてのお買い物をライブで見る',
      expected: 'a live subscription to "first-purchase" sees her ENTER, caused by her order',
      look: async () => {
        const client = marketer.live();
        const { entered: entering } = await watch(client, 'first-purchase', await idOf(scene, 'email', hanako.email));
        const sent = performance.now();
        await shopSays(url, [order('hanako-1', { id: hanako.account, email: hanako.email }, new Date())]);
        const { change, cause } = await within(30, 'she enters', entering);
        const took = Math.round(performance.now() - sent);
        await client.dispose();
        return {
          ok: cause?.type === 'ec.order_completed',
          seen: `${change}, cause ${cause?.kind} ${cause?.type}, ${took} ms after the order was sent`,
        };
      },
    },
    {
      title: 'The program of that segment writes to her / お礼のメールが届く',
      expected: 'her mailbox has one mail, by her name, with a one-click unsubscribe link',
      look: async () => {
        const { promise, resolve } = Promise.withResolvers<Mail>();
        const stop = mail.onMail((each) => each.to.includes(hanako.email) && resolve(each));
        const got = received() ?? (await within(30, 'a mail to her', promise));
        stop();
        return {
          ok: got.subject.includes('髙橋') && got.unsubscribe !== undefined,
          seen: `"${got.subject}"; unsubscribe link ${got.unsubscribe === undefined ? 'missing' : 'there'}`,
        };
      },
    },
    {
      title: 'One click and she is unsubscribed / ワンクリックで配信停止',
      expected: 'her consent to marketing by e-mail is WITHDRAWN, and the ledger keeps the yes before it',
      look: async () => {
        const reply = await fetch(received()?.unsubscribe ?? '', {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: 'List-Unsubscribe=One-Click',
        });
        const { customerBy } = await privacy.graphql<State>(state, { identity });
        const consent = customerBy.consents.find(({ purpose, channel }) => purpose === 'marketing' && channel === 'email');
        return { ok: reply.ok && consent?.state === 'WITHDRAWN', seen: `${reply.status}; marketing/email ${consent?.state}` };
      },
    },
    {
      title: 'She buys again and enters a segment that would write to her / 二度目のお買い物',
      expected: 'the delivery is SUPPRESSED with its reason, and no second mail comes',
      look: async () => {
        await shopSays(url, [order('hanako-2', { id: hanako.account, email: hanako.email }, new Date())]);
        const { customerBy } = await privacy.graphql<State>(state, { identity });
        const second = customerBy.deliveries.nodes.find(({ program }) => program.key === 'thanks-for-coming-back');
        const count = mail.mails.filter(({ to }) => to.includes(hanako.email)).length;
        return {
          ok: second?.status === 'SUPPRESSED' && count === 1,
          seen: `${second?.status ?? 'no delivery'} (${second?.reason ?? ''}); ${count} mail in her box`,
        };
      },
    },
    {
      title: 'Ninety days pass for somebody else / 90日がその瞬間に過ぎる',
      expected: 'an order of 90 days less three seconds ago: the clock moves him into "lapsed-90-days" in three seconds',
      look: async () => {
        const customer = { id: 'taro-2026', email: 'taro.suzuki@mail.example' };
        await shopSays(url, [
          { topic: 'customer.registered', id: 'taro-registered', at: new Date(Date.now() - 91 * day).toISOString(), customer },
        ]);
        const client = marketer.live();
        const { entered: entering } = await watch(client, 'lapsed-90-days', await idOf(scene, 'email', customer.email));
        const boundary = Date.now() + ahead;
        await shopSays(url, [order('taro-1', customer, new Date(boundary - 90 * day))]);
        const { change, cause, at } = await within(30, 'he enters', entering);
        await client.dispose();
        const off = Date.parse(at) - boundary;
        return {
          ok: cause?.kind === 'TIMER' && off >= 0,
          seen: `${change}, cause ${cause?.kind}, ${off} ms after the instant`,
        };
      },
    },
  ];
}
