import { describe, expect, it } from 'vitest';
import { draftsIn, fileOf, plain, problemsIn, read } from './reading.ts';

const household = { household: 'household_id', chain: 'c', timeZone: 'Asia/Tokyo' };

describe('campaigns', () => {
  const sent = 'campaign_id,household_id\n1,205\n1,1111\n2,205\n1,\n';
  const calendar = 'campaign_id,campaign_type,start_date,end_date\n1,spring,2026-03-03,2026-04-05\n';

  it('are sent when the calendar says they began', async () => {
    const items = await read('campaigns', fileOf(sent, { 'calendar.csv': calendar }), { ...household, calendar: 'calendar.csv' });
    expect(plain(draftsIn(items))).toEqual(
      ['205', '1111'].map((number) => ({
        type: 'pos.campaign_sent',
        id: `c:campaign:1:household:${number}`,
        at: '2026-03-02T15:00:00.000Z',
        identifiers: { 'pos.household': `c:${number}` },
        properties: { campaign_id: '1', starts_on: '2026-03-03', ends_on: '2026-04-05', campaign_type: 'spring' },
      })),
    );
    expect(problemsIn(items).map(({ lines, problem }) => [lines[0], problem])).toEqual([
      [4, 'the calendar has no campaign "2"'],
      [5, 'it names neither member nor household'],
    ]);
  });

  it('need a date from somewhere, and a calendar that is right', async () => {
    await expect(read('campaigns', sent, household)).rejects.toThrow('it has no column "at"');
    const wrong = fileOf(sent, { 'calendar.csv': calendar.replace('2026-03-03', 'soon') });
    await expect(read('campaigns', wrong, { ...household, calendar: 'calendar.csv' })).rejects.toThrow('its calendar');
  });
});

it('a coupon handed in twice on a day is two events, and the same two in every import', async () => {
  const text = 'household_id,coupon_id,campaign_id,at\n7,K-100,8,2026-01-01\n7,K-100,8,2026-01-01\n7,,8,2026-01-01\n';
  const items = await read('redemptions', text, household);
  const id = 'c:coupon:household:7:K-100:8:2025-12-31T15:00:00.000Z';
  expect(draftsIn(items).map((draft) => draft.id)).toEqual([id, `${id}#2`]);
  expect(problemsIn(items)[0]?.problem).toBe('the coupon is empty');
});

it('a catalog beside the file tells what a coupon is good for', async () => {
  const many = Array.from({ length: 101 }, (_, product) => `k2,p${product},1\n`).join('');
  const catalog = `coupon_id,product_id,campaign_id\nk1,p1,1\nk1,p1,1\nk1,p2,1\nk1,p3,2\n${many}`;
  const text = 'household_id,coupon_id,campaign_id,at\n7,k1,1,2026-01-01\n7,k2,1,2026-01-01\n7,k3,1,2026-01-01\n';
  const items = await read('redemptions', fileOf(text, { 'coupons.csv': catalog }), { ...household, catalog: 'coupons.csv' });
  expect(draftsIn(items).map(({ properties }) => plain(properties))).toEqual([
    { coupon_id: 'k1', campaign_id: '1', product_count: 2, product_ids: ['p1', 'p2'] },
    { coupon_id: 'k2', campaign_id: '1', product_count: 101 },
    { coupon_id: 'k3', campaign_id: '1' },
  ]);
});

it('members bring the traits that the options name', async () => {
  const text = 'household_id,age,home\n1,65+,\n';
  const [draft] = draftsIn(
    await read('members', text, { ...household, asOf: '2026-12-31', traits: { 'pos.ageBand': 'age', 'pos.homeOwnership': 'home' } }),
  );
  expect(draft).toMatchObject({ type: 'pos.member_updated', traits: [{ trait: 'pos.ageBand', value: '65+' }] });
  await expect(read('members', text, { ...household, asOf: '2026-12-31', traits: { 'pos.rank': 'rank' } })).rejects.toThrow(
    'no column "rank"',
  );
});
