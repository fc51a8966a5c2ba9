import { saveComputedTraits } from '@enishi/core';
import { computedTrait, definePlugin } from '@enishi/plugin-sdk';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createTestApi, shopper } from './api.ts';
import { orderPlaced, shop } from './shop.ts';

const spent = computedTrait('loyalty.spent', { event: orderPlaced, sum: 'total' }, { description: 'Spent in all.' });
const loyalty = definePlugin({ name: 'loyalty', description: 'Loyalty.', config: z.object({}), computedTraits: [spent] })({});

it('a computed trait is read like any other, says what it is computed from, and is in the catalogue', async () => {
  await using api = await createTestApi({ plugins: [shop, loyalty] });
  await saveComputedTraits(api.domain.line, api.domain.workspace);
  const id = await shopper(api, 'hanako', 3);
  const { data, errors } = await api.ask(
    'front-end',
    `query ($id: ID!) {
      customer(id: $id) { traits(keys: ["rank", "loyalty.spent"]) { key value observedAt source eventId identityId computedFrom } }
      traitTypes { name survivorship computedFrom schema }
    }`,
    { id },
  );
  expect(errors).toEqual([]);
  const observedAt = '2026-01-03T00:00:00.000Z';
  expect(data.customer).toEqual({
    traits: [
      {
        key: 'loyalty.spent',
        value: 3003,
        observedAt,
        source: null,
        eventId: null,
        identityId: null,
        computedFrom: 'shop.order_placed',
      },
      {
        key: 'rank',
        value: 'gold',
        observedAt,
        source: 'shop.orders',
        eventId: expect.any(String),
        identityId: expect.any(String),
        computedFrom: null,
      },
    ],
  });
  expect(data.traitTypes).toMatchObject([
    { name: 'loyalty.spent', survivorship: null, computedFrom: 'shop.order_placed', schema: { type: 'number' } },
    { name: 'rank', survivorship: 'newest', computedFrom: null },
  ]);
});
