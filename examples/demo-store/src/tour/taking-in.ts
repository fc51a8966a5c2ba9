import { ringUp, type Scene } from './scene.ts';
import type { Step } from './step.ts';

const sale = (number: string, total: unknown, customer: Record<string, string>) => ({
  store_id: 'S01',
  receipt_number: number,
  at: new Date().toISOString(),
  customer,
  total,
  currency: 'JPY',
});

/** Events come in, and each is answered for itself. */
export const takingIn = ({ url, frontEnd }: Scene): Step[] => [
  {
    title: 'A till sends three receipts in one signed webhook / POSがレシートを3件送る',
    expected: 'one receipt each: ACCEPTED, DUPLICATE (the same again), QUARANTINED (its total is a word)',
    look: async () => {
      const good = sale('T-1', 5990, { member: 'M9000009' });
      const receipts = await ringUp(url, [good, good, sale('T-2', 'たくさん', { member: 'M9000009' })]);
      const seen = receipts.map(
        ({ status, violations }) => status + (violations?.[0] ? ` (${violations[0].path}: ${violations[0].message})` : ''),
      );
      return { ok: receipts.map(({ status }) => status).join() === 'ACCEPTED,DUPLICATE,QUARANTINED', seen: seen.join(', ') };
    },
  },
  {
    title: 'Somebody else sends a receipt with a wrong signature / 署名の違うレシート',
    expected: 'refused with 401 before anything is parsed',
    look: async () => {
      const refusal = await ringUp(url, [sale('T-3', 1, {})], 'not-the-secret').then(
        () => 'it was taken',
        (error: Error) => error.message,
      );
      return { ok: refusal.startsWith('401'), seen: refusal.slice(0, 90) };
    },
  },
  {
    title: 'A family shares its telephone / 家族で電話番号を共有',
    expected: 'two loyalty cards with one number stay two customers; the link is HELD with its reason',
    look: async () => {
      const phone = '03-4512-7788';
      await ringUp(url, [
        sale('F-1', 2490, { member: 'M9000011', phone }),
        sale('F-2', 880, { member: 'M9000012', phone: '０３（４５１２）７７８８' }),
      ]);
      const query = `query Family($first: IdentityInput!, $second: IdentityInput!) {
        first: customerBy(identity: $first) { id }
        second: customerBy(identity: $second) { id links { status reason } }
      }`;
      const { first, second } = await frontEnd.graphql<{
        first: { id: string };
        second: { id: string; links: { status: string; reason: string | null }[] };
      }>(query, { first: { namespace: 'member', value: 'M9000011' }, second: { namespace: 'member', value: 'M9000012' } });
      const held = second.links.find(({ status }) => status === 'HELD');
      return {
        ok: first.id !== second.id && held !== undefined,
        seen: `${first.id === second.id ? 'one customer' : 'two customers'}; HELD: ${held?.reason ?? 'none'}`,
      };
    },
  },
];
