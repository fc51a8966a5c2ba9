import { hanako, ringUp, type Scene, shopSays } from './scene.ts';
import type { Step } from './step.ts';

const customer360 = `query Customer360($identity: IdentityInput!) {
  customerBy(identity: $identity) {
    id
    identities { namespace value }
    traits { key value source }
    consents { purpose channel state }
    events(first: 10) { nodes { type occurredAt } }
    segments { segment { key } }
  }
}`;

interface Answer {
  readonly customerBy: {
    readonly identities: readonly { readonly namespace: string; readonly value: string }[];
    readonly traits: readonly { readonly key: string; readonly value: unknown; readonly source: string | null }[];
    readonly events: { readonly nodes: readonly { readonly type: string }[] };
  } | null;
}

/** The shop and a store know the same person under different names; asked by either, one customer answers. */
export const onePerson = ({ url, frontEnd }: Scene): Step[] => [
  {
    title: 'Hanako signs up in the shop and shows her card in a store / 花子さん、ECに登録して店舗でも会員証を提示',
    expected: 'asked by her card, one customer answers, with her account, card, e-mail, telephone and both events',
    look: async () => {
      await shopSays(url, [
        {
          topic: 'customer.registered',
          id: 'hanako-registered',
          at: new Date(Date.now() - 60_000).toISOString(),
          customer: {
            id: hanako.account,
            email: hanako.email,
            phone: '090-4321-8765',
            traits: { lastName: '髙橋', firstName: '花子', 'ec.prefecture': '東京都' },
            consents: [{ purpose: 'marketing', channel: 'email', state: 'GIVEN', evidence: { form: 'sign-up', notice: '2025-04' } }],
          },
        },
      ]);
      const written = { member: 'Ｍ９０００００１', email: ' Hanako.TAKAHASHI@MAIL.example', phone: '+81 90 4321 8765' };
      await ringUp(url, [{ kind: 'VOID', store_id: 'S02', receipt_number: 'H-0', at: new Date().toISOString(), customer: written }]);
      const { customerBy: customer } = await frontEnd.graphql<Answer>(customer360, {
        identity: { namespace: 'member', value: hanako.member },
      });
      const spaces = customer?.identities.map(({ namespace, value }) => `${namespace} ${value}`) ?? [];
      const name = customer?.traits.find(({ key }) => key === 'lastName');
      const kinds = ['member', 'ec.customer', 'email', 'phone'].every((kind) => spaces.some((space) => space.startsWith(`${kind} `)));
      return {
        ok: kinds && spaces.length === 4 && customer?.events.nodes.length === 2,
        seen: `${spaces.join(', ')}; ${customer?.events.nodes.length ?? 0} events; lastName ${String(name?.value)} from ${name?.source}`,
      };
    },
  },
];
