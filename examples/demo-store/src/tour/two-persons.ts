import { ringUp, type Scene, shopSays } from './scene.ts';
import type { Step } from './step.ts';

const jiro = { namespace: 'member', value: 'M9000021' };
const saburo = { namespace: 'email', value: 'saburo.mori@mail.example' };
const phone = '045-633-1200';

const known = `query Known($identity: IdentityInput!) {
  customerBy(identity: $identity) {
    id
    events(first: 10) { nodes { type } }
    links { id status a { namespace } b { namespace } }
  }
}`;
const revoke = `mutation TakeBack($link: ID!) {
  revokeLink(id: $link, reason: "Jiro and Saburo are brothers") { ... on LinkRevoked { customers { id } } ... on Problem { message } }
}`;

interface Known {
  readonly customerBy: {
    readonly id: string;
    readonly events: { readonly nodes: readonly { readonly type: string }[] };
    readonly links: readonly {
      readonly id: string;
      readonly status: string;
      readonly a: { readonly namespace: string };
      readonly b: { readonly namespace: string };
    }[];
  };
}

/** A telephone ties two brothers into one; somebody notices, and it is as if it had never been. */
export const twoPersons = ({ url, privacy }: Scene): Step[] => [
  {
    title: 'Two brothers were taken for one, and the tie is taken back / 誤った名寄せを元に戻す',
    expected: 'one customer with both purchases before; after revoking the link two, each with his own purchase',
    look: async () => {
      const at = new Date().toISOString();
      await ringUp(url, [
        { store_id: 'S02', receipt_number: 'B-1', at, customer: { member: jiro.value, phone }, total: 1320, currency: 'JPY' },
      ]);
      const data = { order_id: 'B-2', total: 4990, currency: 'JPY' };
      await shopSays(url, [{ topic: 'order.completed', id: 'B-2', at, customer: { email: saburo.value, phone }, data }]);
      const look = async (identity: object): Promise<Known['customerBy']> => (await privacy.graphql<Known>(known, { identity })).customerBy;
      const together = await look(jiro);
      const tie = together.links.find(
        ({ status, a, b }) => status === 'LIVE' && [a.namespace, b.namespace].toSorted().join() === 'email,phone',
      );
      await privacy.graphql(revoke, { link: tie?.id ?? '' });
      const [one, other] = [await look(jiro), await look(saburo)];
      const types = ({ events }: Known['customerBy']): string => events.nodes.map(({ type }) => type).join(' + ');
      return {
        ok:
          together.events.nodes.length === 2 &&
          one.id !== other.id &&
          types(one) === 'pos.purchase_completed' &&
          types(other) === 'ec.order_completed',
        seen: `before ${types(together)}; after ${types(one)} | ${types(other)}`,
      };
    },
  },
];
