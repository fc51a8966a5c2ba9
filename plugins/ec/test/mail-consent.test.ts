import { ec } from '@enishi/plugin-ec';
import { clock, createTestEnishi } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { draftsIn, read } from './reading.ts';

/** A house that is brought one export of the shop after the other; each says what `row` says of account 7. */
async function house() {
  const time = clock('2026-01-01T00:00:00Z');
  const enishi = await createTestEnishi({ plugins: [ec({})], now: time.now });
  const accept = async (source: string, drafts: readonly object[]) => {
    const receipts = await enishi.line.accept(enishi.workspace, source, drafts);
    expect(receipts.map(({ status }) => status)).not.toContain('QUARANTINED');
  };
  return {
    bring: async (day: string, row: Readonly<Record<string, string>>, options: object = { asOf: day }) => {
      time.set(`${day}T12:00:00Z`);
      const cells = { customer_id: '7', email: 'taro@example.jp', ...row };
      const content = `${Object.keys(cells).join(',')}\n${Object.values(cells).join(',')}\n`;
      await accept('ec.customers', draftsIn(await read('customers', content, { ...options })));
    },
    /** By the link in a mail: nothing but the address is known there. */
    unsubscribe: async (day: string) => {
      time.set(`${day}T12:00:00Z`);
      const consents = [{ purpose: 'marketing', channel: 'email', state: 'WITHDRAWN' }];
      const identifiers = { email: 'taro@example.jp' };
      await accept('api', [{ type: 'enishi.consent_recorded', id: day, at: time.now(), identifiers, properties: {}, consents }]);
    },
    state: async () => {
      const query = '{ customerBy(identity: { namespace: "ec.customer", value: "7" }) { consents { state } } }';
      const { data } = await enishi.graphql<{ customerBy: { consents: { state: string }[] } }>('operator', query);
      return data?.customerBy.consents.map(({ state }) => state);
    },
    [Symbol.asyncDispose]: () => enishi[Symbol.asyncDispose](),
  };
}

const yes = { email_opt_in: '1' };
const no = { email_opt_in: '0' };

describe('marketing mail, by the exports of a shop', () => {
  it('stays refused by whoever unsubscribed, though the next export still says yes', async () => {
    await using shop = await house();
    await shop.bring('2026-10-01', yes);
    expect(await shop.state()).toEqual(['GIVEN']);
    await shop.unsubscribe('2026-11-05');
    await shop.bring('2026-12-01', yes);
    expect(await shop.state()).toEqual(['WITHDRAWN']);
  });

  it.each([
    ['a date of change', { updated_at: '2026-02-01' }],
    ['a date of registration', { registered_at: '2020-04-01' }],
  ])('stays refused, though the first export of all comes afterwards, where its row has %s', async (_, dated) => {
    await using shop = await house();
    await shop.bring('2026-03-01', dated);
    await shop.unsubscribe('2026-11-05');
    await shop.bring('2026-12-01', { ...dated, ...yes });
    expect(await shop.state()).toEqual(['WITHDRAWN']);
  });

  it('is refused as often as the shop is told so, and a yes of before comes not back', async () => {
    await using shop = await house();
    await shop.bring('2026-01-10', no);
    expect(await shop.state()).toEqual(['REFUSED']);
    await shop.bring('2026-03-10', yes);
    expect(await shop.state()).toEqual(['GIVEN']);
    await shop.bring('2026-06-10', no);
    expect(await shop.state()).toEqual(['REFUSED']);
  });

  it('is refused by a later export that has no date but that of registration', async () => {
    await using shop = await house();
    const registered = { registered_at: '2020-04-01' };
    await shop.bring('2026-01-10', { ...registered, ...yes }, {});
    expect(await shop.state()).toEqual(['GIVEN']);
    await shop.bring('2026-03-10', { ...registered, ...no }, {});
    expect(await shop.state()).toEqual(['REFUSED']);
  });
});
