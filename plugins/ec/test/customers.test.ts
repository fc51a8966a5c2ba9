import { expect, it } from 'vitest';
import { draftsIn, plain, problemsIn, read } from './reading.ts';

const heading =
  '会員ID,会員登録日,更新日時,メールアドレス,電話番号,姓,名,セイ,メイ,生年月日,性別,郵便番号,都道府県,住所1,住所2,保有ポイント,メルマガ';
const row =
  '5001,2020/04/01,2026/11/20 10:00,taro@example.jp,090-1234-5678,山田,太郎,ヤマダ,タロウ,1990/5/1,男性,150-0001,東京都,渋谷区,神宮前1-1,"1,200",希望する';

it('an account with everything a Japanese shop knows', async () => {
  const [answer, item] = await read('customers', `${heading}\n${row}\n`);
  expect(plain(answer)).toMatchObject({
    lines: [],
    draft: {
      type: 'ec.customer_updated',
      id: 'customer:5001:mail:yes',
      at: '2026-11-20T01:00:00.000Z',
      identifiers: { 'ec.customer': '5001', email: 'taro@example.jp', phone: '090-1234-5678' },
      consents: [{ purpose: 'marketing', channel: 'email', state: 'GIVEN', evidence: { line: 2, answer: '希望する' } }],
    },
  });
  expect(plain(item)).toMatchObject({
    lines: [2],
    draft: {
      type: 'ec.customer_updated',
      at: '2026-11-20T01:00:00.000Z',
      identifiers: { 'ec.customer': '5001', email: 'taro@example.jp', phone: '090-1234-5678' },
      properties: { customer_id: '5001' },
    },
  });
  const traits = Object.fromEntries((draftsIn(item ? [item] : [])[0]?.traits ?? []).map(({ trait, value }) => [trait, value]));
  expect(traits).toEqual({
    lastName: '山田',
    firstName: '太郎',
    'ec.lastNameKana': 'ヤマダ',
    'ec.firstNameKana': 'タロウ',
    birthday: '1990-05-01',
    gender: '男性',
    'ec.postalCode': '150-0001',
    'ec.prefecture': '東京都',
    'ec.points': 1200,
    address: { country: undefined, postalCode: '150-0001', state: '東京都', city: '渋谷区', street: '神宮前1-1' },
  });
});

it('the same row is the same message, a changed row another', async () => {
  const idOf = async (text: string) => draftsIn(await read('customers', `${heading}\n${text}\n`)).at(-1)?.id;
  expect(await idOf(row)).toBe(await idOf(row));
  expect(await idOf(row.replace('渋谷区', '港区'))).not.toBe(await idOf(row));
});

it('without a date of change an account is as it was when it was registered', async () => {
  const [draft] = draftsIn(await read('customers', 'customer_id,registered_at\n7,2020-04-01\n'));
  expect(draft).toMatchObject({ type: 'ec.customer_registered', id: 'customer:7:registered' });
});

it('a row without account or date is reported alone', async () => {
  const items = await read('customers', 'customer_id,registered_at\n0,2020-04-01\n7,\n8,soon\n9,2020-04-01\n');
  expect(problemsIn(items).map(({ lines, problem }) => [lines[0], problem])).toEqual([
    [2, 'the account id is empty'],
    [3, 'it has no date: name a column with registeredAt or updatedAt, or give asOf'],
    [4, 'line 4: registered_at: "soon" is not a date'],
  ]);
  expect(draftsIn(items)).toHaveLength(1);
});

it.each([
  ['0', 'REFUSED'],
  ['希望しない', 'REFUSED'],
  ['1', 'GIVEN'],
  ['maybe', undefined],
])('an opt-in of "%s" is %s', async (answer, state) => {
  const [draft] = draftsIn(await read('customers', `customer_id,registered_at,email_opt_in\n7,2020-04-01,${answer}\n`));
  expect(draft?.consents?.[0]?.state).toBe(state);
});

it('a date that is none is refused before the file is read', async () => {
  await expect(read('customers', 'customer_id\n', { asOf: 'tomorrow' })).rejects.toThrow('write a date such as 2026-11-21');
});
