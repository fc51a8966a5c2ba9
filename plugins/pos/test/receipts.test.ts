import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { draftsIn, plain, problemsIn, read } from './reading.ts';

const heading =
  '店舗コード,レジ番号,レシート番号,取引区分,取引日時,会員番号,明細行番号,JANコード,商品名,部門,数量,単価,値引額,金額,税率区分,支払方法,合計';
const csv = (...lines: string[]): string => [heading, ...lines, ''].join('\r\n');
const tea = '4901234567894,有機緑茶 100g,飲料';

describe('a receipt file as Japanese tills write it', () => {
  const text = csv(
    `0012,01,000123,売上,2026/11/21 18:05:30,0001234567,1,${tea},2,"¥1,500",▲200,"2,800",8%軽減,現金,"3,000"`,
    '0012,01,000123,売上,2026/11/21 18:05:30,0001234567,2,2012345000003,㈱髙島の惣菜①,惣菜,１,200,,200,8%軽減,現金,"3,000"',
  );
  const expected = {
    lines: [2, 3],
    draft: {
      type: 'pos.purchase_completed',
      id: 'receipt:0012/01/2026-11-21/000123',
      at: '2026-11-21T09:05:30.000Z',
      identifiers: { member: '0001234567' },
      properties: {
        store_id: '0012',
        register_id: '01',
        receipt_number: '000123',
        business_day: '2026-11-21',
        total: 3000,
        discount: 200,
        payment_method: '現金',
        currency: 'JPY',
        products: [
          {
            product_id: '4901234567894',
            jan: '4901234567894',
            name: '有機緑茶 100g',
            category: '飲料',
            quantity: 2,
            price: 1500,
            discount: 200,
            amount: 2800,
            tax_rate: '8%軽減',
          },
          {
            product_id: '2012345000003',
            in_store: true,
            name: '㈱髙島の惣菜①',
            category: '惣菜',
            quantity: 1,
            price: 200,
            amount: 200,
            tax_rate: '8%軽減',
          },
        ],
      },
    },
  };

  it.each([
    ['CP932', iconv.encode(text, 'cp932')],
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a BOM', Buffer.from(`\ufeff${text}`)],
  ])('in %s', async (_, bytes) => {
    expect(plain(await read('receipts', bytes))).toEqual([expected]);
  });

  it('twice gives the same message ids', async () => {
    expect(draftsIn(await read('receipts', text))[0]?.id).toBe(draftsIn(await read('receipts', iconv.encode(text, 'cp932')))[0]?.id);
  });
});

const short = (...lines: string[]): string => ['store_id,receipt_number,at,kind,member,product_id,quantity,price', ...lines, ''].join('\n');

describe('kinds', () => {
  it.each([
    ['返品,7,p,1,100', 'pos.purchase_returned', 'receipt:1//2026-11-21/9:returned', 100],
    ['返品,7,p,-1,100', 'pos.purchase_returned', 'receipt:1//2026-11-21/9:returned', 100],
    [',7,p,-2,100', 'pos.purchase_returned', 'receipt:1//2026-11-21/9:returned', 200],
    ['取消,7,p,1,100', 'pos.purchase_voided', 'receipt:1//2026-11-21/9:voided', 100],
    ['売上,7,p,1,100', 'pos.purchase_completed', 'receipt:1//2026-11-21/9', 100],
  ])('%s', async (cells, ...[type, id, total]) => {
    const [draft] = draftsIn(await read('receipts', short(`1,9,2026-11-21 10:00,${cells}`)));
    expect(draft).toMatchObject({ type, id, properties: { total } });
  });

  it('a word nobody knows is not counted as a sale', async () => {
    const [problem] = problemsIn(await read('receipts', short('1,9,2026-11-21 10:00,入金,7,p,1,100')));
    expect(problem?.problem).toContain('"入金" is no known kind of receipt');
    const [ignored] = problemsIn(await read('receipts', short('1,9,2026-11-21 10:00,入金,7,p,1,100'), { ignoreWords: '入金' }));
    expect(ignored?.problem).toBe('left out: "入金" is no sale');
  });
});

describe('time and number', () => {
  it('an hour past midnight belongs to the business day as written', async () => {
    const [draft] = draftsIn(await read('receipts', 'store_id,receipt_number,営業日,時刻,quantity,price\n1,9,2026/11/21,25:30,1,100\n'));
    expect(plain(draft)).toMatchObject({
      at: '2026-11-21T16:30:00.000Z',
      id: 'receipt:1//2026-11-21/9',
      properties: { business_day: '2026-11-21' },
    });
  });

  it('numbers that start over each day are different receipts', async () => {
    const items = await read('receipts', short('1,9,2026-11-21 10:00,,7,p,1,100', '1,9,2026-11-22 10:00,,7,p,1,100'));
    expect(draftsIn(items).map(({ id }) => id)).toEqual(['receipt:1//2026-11-21/9', 'receipt:1//2026-11-22/9']);
  });

  it.each([
    ['first', ['1,9,??,,7,p,1,100', '1,9,2026-11-21 10:00,,7,q,1,100']],
    ['in the middle', ['1,9,2026-11-21 10:00,,7,p,1,100', '1,9,,,7,q,1,100', '1,9,2026-11-21 10:00,,7,q,1,100']],
    ['last', ['1,9,2026-11-21 10:00,,7,p,1,100', '1,9,2026-02-30,,7,q,1,100']],
  ])('a line without a readable day, %s, withholds its receipt', async (_, lines) => {
    const items = await read('receipts', short(...lines, '1,10,2026-11-21 10:00,,7,p,1,100'));
    expect(draftsIn(items).map(({ id }) => id)).toEqual(['receipt:1//2026-11-21/10']);
    expect(problemsIn(items).flatMap((item) => item.lines)).toHaveLength(lines.length);
  });
});

describe('who was there', () => {
  const identifiersFor = async (member: string) =>
    plain(draftsIn(await read('receipts', short(`1,9,2026-11-21 10:00,,${member},p,1,100`)))[0]?.identifiers);

  it('a member by the card', async () => {
    expect(await identifiersFor('0001234567')).toEqual({ member: '0001234567' });
  });

  it.each(['', '0', '0000000000', '9999999999', '-', '非会員'])('nobody by "%s": the receipt is its own somebody', async (member) => {
    expect(await identifiersFor(member)).toEqual({ anonymous: 'receipt:1//2026-11-21/9' });
  });

  it('two cards on one receipt are not made one person', async () => {
    const items = await read('receipts', short('1,9,2026-11-21 10:00,,7,p,1,100', '1,9,2026-11-21 10:00,,8,p,1,100'));
    expect(problemsIn(items)[0]?.problem).toBe('line 3: member differs from that of line 2; its receipt is withheld whole');
  });
});

describe('scattered and broken lines', () => {
  it('a basket in pieces is one receipt; one with a broken line is withheld whole', async () => {
    const items = await read(
      'receipts',
      short(
        '1,1,2026-11-21 10:00,,7,p,1,100',
        '1,2,2026-11-21 10:00,,7,p,1,"open',
        '1,1,2026-11-21 10:00,,7,q,1,50',
        '1,2,2026-11-21 10:00,,7,p,1,100',
      ),
    );
    expect(draftsIn(items).map((draft) => [draft.id, (draft.properties as { total: number }).total])).toEqual([
      ['receipt:1//2026-11-21/1', 150],
    ]);
    expect(problemsIn(items).map(({ lines, problem }) => [lines, problem])).toEqual([
      [[3, 5], 'line 3: a quoted field that does not close; its receipt is withheld whole'],
    ]);
  });

  it('discounts may stand in several columns', async () => {
    const text = 'store_id,receipt_number,at,quantity,price,a,b\n1,9,2026-11-21,2,100,10,5.5\n';
    const [draft] = draftsIn(await read('receipts', text, { lineDiscount: 'a,b' }));
    expect(draft).toMatchObject({ properties: { total: 184.5, discount: 15.5 } });
  });

  it("a chain's own codes are left alone", async () => {
    const [draft] = draftsIn(await read('receipts', short('1,9,2026-11-21,,7,4901234567894,1,100'), { codes: 'own' }));
    expect(plain(draft)).toMatchObject({
      properties: { products: [{ product_id: '4901234567894', quantity: 1, price: 100, amount: 100 }] },
    });
  });
});
