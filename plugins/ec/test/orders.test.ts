import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { draftsIn, plain, problemsIn, read } from './reading.ts';

const options = { currency: 'GBP', timeZone: 'Europe/London', refundPrefixes: 'C', excludePrefixes: 'A' };
const csv = (...lines: string[]): string =>
  ['order_id,ordered_at,customer_id,product_id,product_name,quantity,price', ...lines, ''].join('\n');

describe('order lines', () => {
  it('one event per order, with its products and an exact total', async () => {
    const items = await read(
      'orders',
      csv('1,2011-07-01 10:02,40021.0,T-100,"GREEN TEA, LARGE",3,0.1', '1,2011-07-01 10:01,40021.0,T-200,TEA POT,1,0.001'),
      options,
    );
    expect(plain(items)).toEqual([
      {
        lines: [2, 3],
        draft: {
          type: 'ec.order_completed',
          id: 'order:1',
          at: '2011-07-01T09:01:00.000Z',
          identifiers: { 'ec.customer': '40021' },
          properties: {
            order_id: '1',
            subtotal: 0.301,
            total: 0.301,
            currency: 'GBP',
            products: [
              { product_id: 'T-100', name: 'GREEN TEA, LARGE', price: 0.1, quantity: 3 },
              { product_id: 'T-200', name: 'TEA POT', price: 0.001, quantity: 1 },
            ],
          },
        },
      },
    ]);
  });

  it('a cancellation is a refund in positive numbers; what is no order is left out with a reason', async () => {
    const items = await read(
      'orders',
      csv('C2,2011-01-01,1,p,x,-2,1.5', '3,2011-01-01,1,p,x,-1,0', 'A4,2011-01-01,,X,Correction of the books,1,-500.5'),
      options,
    );
    expect(draftsIn(items).map(({ type, id, properties }) => plain({ type, id, properties }))).toMatchObject([
      {
        type: 'ec.order_refunded',
        id: 'order:C2:refunded',
        properties: { order_id: 'C2', total: 3, products: [{ quantity: 2, price: 1.5 }] },
      },
      { type: 'ec.order_refunded', id: 'order:3:refunded', properties: { order_id: '3', total: 0, products: [{ quantity: 1 }] } },
    ]);
    expect(problemsIn(items)).toEqual([
      { lines: [4], problem: 'left out: the order number begins with "A"', raw: 'A4,2011-01-01,,X,Correction of the books,1,-500.5' },
    ]);
  });

  it('a discount line makes an order smaller, not a refund', async () => {
    const [draft] = draftsIn(await read('orders', csv('1,2011-01-01,9,p,Tea,1,1000', '1,2011-01-01,9,d,値引き,-1,100'), options));
    expect(draft).toMatchObject({ type: 'ec.order_completed', properties: { total: 900 } });
  });

  it('orders of nobody known are different people', async () => {
    const items = await read(
      'orders',
      csv('1,2011-01-01,,p,x,1,1', '2,2011-01-01,,p,x,1,1', '3,2011-01-01,0,p,x,1,1', '4,2011-01-01,guest,p,x,1,1'),
    );
    expect(draftsIn(items).map(({ identifiers }) => plain(identifiers))).toEqual(
      ['1', '2', '3', '4'].map((order) => ({ anonymous: `order:${order}` })),
    );
  });

  it('an order with a broken line is withheld whole, the others go on', async () => {
    const items = await read(
      'orders',
      csv('1,2011-01-01,9,p,x,1,1', '2,2011-01-01,9,p,x,three,1', '1,2011-01-01,9,p,x,1,1', '2,2011-01-01,9,p,x,1,1', '3,2011-01-01,9,p,x'),
    );
    expect(draftsIn(items).map(({ id }) => id)).toEqual(['order:1']);
    expect(problemsIn(items).map(({ lines, problem }) => ({ lines, problem }))).toEqual([
      { lines: [3, 5], problem: 'line 3: quantity: "three" is not a number; order 2 is withheld whole' },
      { lines: [6], problem: 'line 6: 5 fields where the heading has 7; order 3 is withheld whole' },
    ]);
  });

  it('an order of two customers is withheld: it would make one of them', async () => {
    const items = await read('orders', csv('1,2011-01-01,8,p,x,1,1', '1,2011-01-01,9,p,x,1,1'));
    expect(problemsIn(items)[0]?.problem).toBe('line 3: customer_id differs from that of line 2; order 1 is withheld whole');
  });

  it('a column that is missing stops the import and says what there is', async () => {
    await expect(read('orders', csv(), { customerId: 'CustomerNo' })).rejects.toThrow(
      'it has no column "CustomerNo"; it has order_id, ordered_at, customer_id',
    );
    await expect(read('orders', 'order_id,ordered_at\n')).rejects.toThrow('neither a price nor an amount column');
  });

  it('the same file gives the same items in the same order', async () => {
    const file = csv('2,2011-01-01,9,p,x,1,1', '1,2011-01-01,,p,x,1,1', '2,2011-01-01,9,q,x,1,1');
    expect(plain(await read('orders', file))).toEqual(plain(await read('orders', file)));
  });
});

describe('Japanese exports', () => {
  it('CP932 with the headings shops use, amounts of the whole order and a status', async () => {
    // 注文番号,注文日時,会員ID,商品コード,商品名,数量,単価,送料,合計,対応状況
    const text = [
      '"注文番号","注文日時","会員ID","商品コード","商品名","数量","単価","送料","合計","対応状況"',
      '"1001","2026/11/21 18:05:00","5001","4901234567894","有機緑茶①","２","1,500","500","3,500","発送済み"',
      '"1002","2026/11/21 19:00:00","5002","4902776012347","㈱髙","1","▲100","0","▲100","返品"',
      '"1003","2026/11/21 20:00:00","5002","4902776012347","茶","1","100","0","100","キャンセル"',
    ].join('\r\n');
    const drafts = draftsIn(await read('orders', iconv.encode(text, 'cp932')));
    expect(drafts.map((draft) => plain(draft))).toMatchObject([
      {
        type: 'ec.order_completed',
        at: '2026-11-21T09:05:00.000Z',
        properties: {
          subtotal: 3000,
          shipping: 500,
          total: 3500,
          currency: 'JPY',
          products: [{ name: '有機緑茶①', quantity: 2, price: 1500 }],
        },
      },
      { type: 'ec.order_refunded', id: 'order:1002:refunded', properties: { total: 100, products: [{ name: '㈱髙' }] } },
      { type: 'ec.order_cancelled', id: 'order:1003:cancelled', properties: { total: 100 } },
    ]);
  });
});

describe('rows that are orders', () => {
  const text =
    ' customer_id  date number_of_cds  dollar_value\r\n 70001 19990203  1   10.50\r\n 70002 19990204  1   20.00\r\n 70002 19990204  3   45.00\r\n';
  const whitespace = {
    delimiter: 'whitespace',
    rowIs: 'order',
    orderId: 'customer_id,date',
    at: 'date',
    customerId: 'customer_id',
    quantity: 'number_of_cds',
    amount: 'dollar_value',
    shop: 'cds',
    timeZone: 'America/New_York',
  };

  it('are numbered by their key and told apart by counting', async () => {
    const drafts = draftsIn(await read('orders', text, whitespace));
    expect(drafts.map(({ id }) => id)).toEqual(['cds:order:70001-19990203', 'cds:order:70002-19990204', 'cds:order:70002-19990204#2']);
    expect(plain(drafts[2])).toMatchObject({
      at: '1999-02-04T05:00:00.000Z',
      identifiers: { 'ec.customer': 'cds:70002' },
      properties: { total: 45, products: [{ quantity: 3 }] },
    });
  });
});

describe('NDJSON', () => {
  it('holds the messages of the webhook; a broken line costs one line', async () => {
    const message = {
      topic: 'order.completed',
      id: 'm1',
      at: '2026-11-21T18:05:00+09:00',
      customer: { id: '1' },
      data: { order_id: 'o', total: 1 },
    };
    const items = await read('orders', [JSON.stringify(message), '{"topic":', JSON.stringify({ ...message, at: 'now' })].join('\n'));
    expect(draftsIn(items)).toMatchObject([{ type: 'ec.order_completed', id: 'm1' }]);
    expect(problemsIn(items).map(({ lines, problem }) => [lines, problem])).toEqual([
      [[2], expect.stringContaining('not JSON')],
      [[3], 'at: Invalid ISO datetime'],
    ]);
  });
});
