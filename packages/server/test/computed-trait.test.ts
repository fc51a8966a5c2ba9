import { computedTrait, definePlugin, destination, event, where } from '@enishi/plugin-sdk';
import { createTestEnishi } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { z } from 'zod';

const ordered = event('club.ordered', z.object({ total: z.number() }), { description: 'Ordered.' });
const spent = computedTrait('club.spent', { event: ordered, sum: 'total' }, { description: 'Spent in all.' });

/** Writes to everybody who has spent 1000, and keeps what it was told of them. */
const club = (told: Record<string, unknown>[]) =>
  definePlugin({
    name: 'club',
    description: 'Of the tests.',
    config: z.object({}),
    events: [ordered],
    computedTraits: [spent],
    segments: [{ key: 'club-generous', name: 'Generous', rule: where(spent).atLeast(1000) }],
    setup: () => ({
      destinations: {
        card: destination({
          description: 'A card.',
          purpose: 'marketing',
          channel: 'post',
          address: 'email',
          message: z.object({}),
          send: async (deliveries) =>
            deliveries.map(({ recipient }) => {
              told.push(recipient.traits);
              return { status: 'delivered' };
            }),
        }),
      },
    }),
  })({});

it('is kept from the start of the server, moves a segment of the same plugin, and is known to the message', async () => {
  const told: Record<string, unknown>[] = [];
  await using enishi = await createTestEnishi({ plugins: [club(told)] });
  const program = `mutation { saveProgram(input: {
    key: "thanks", name: "Thanks", segment: "club-generous", trigger: ENTERED, destination: "club.card", message: {} }) { __typename } }`;
  expect((await enishi.graphql('operator', program)).errors).toBeUndefined();
  const order = (total: number) => ({ type: 'club.ordered', identifiers: { email: 'hanako@shop.example' }, properties: { total } });
  const consents = [{ purpose: 'marketing', channel: 'post', state: 'GIVEN' as const }];
  await enishi.line.accept(enishi.workspace, 'club', [{ ...order(600), consents }]);
  await enishi.settle();
  expect(told).toEqual([]);
  await enishi.line.accept(enishi.workspace, 'club', [order(500)]);
  await enishi.settle();
  expect(told).toEqual([{ 'club.spent': 1100 }]);
});
