import { UnusableFile } from '@enishi/plugin-sdk';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { draftsIn, fileOf, plain, problemsIn, read, sourcesOf } from './reading.ts';

interface Given {
  readonly number?: string;
  readonly attributes?: string;
  readonly status?: string;
  readonly day?: string;
  readonly body?: string;
}

const line = (kind: 'Sale' | 'Return', { quantity = '2', amount = '3000', flag = '' } = {}): string =>
  `<LineItem${flag}><SequenceNumber>1</SequenceNumber><${kind}><POSIdentity><POSItemID>4901234567894</POSItemID></POSIdentity>
  <Description>有機緑茶 &amp; ①</Description><ActualSalesUnitPrice>1500</ActualSalesUnitPrice><ExtendedAmount>${amount}</ExtendedAmount>
  <Quantity>${quantity}</Quantity></${kind}></LineItem>`;
const tender = '<LineItem><Tender TenderType="Cash"><Amount>3240</Amount></Tender></LineItem>';
const tax = '<LineItem><Tax><Amount>240</Amount></Tax></LineItem>';
const total = '<Total TotalType="TransactionNetAmount">3000</Total><Total TotalType="TransactionGrandAmount">3240</Total>';

const transaction = ({ number = '123', attributes = '', status = 'Totaled', day = '2026-11-20', body }: Given = {}): string =>
  `<Transaction ${attributes}>
  <RetailStoreID>0012</RetailStoreID><WorkstationID>01</WorkstationID><SequenceNumber>${number}</SequenceNumber>
  <BusinessDayDate>${day}</BusinessDayDate><BeginDateTime>2026-11-20T18:05:30</BeginDateTime><CurrencyCode>JPY</CurrencyCode>
  <RetailTransaction TransactionStatus="${status}">
  ${body ?? `${line('Sale')}${tender}${tax}<Customer><CustomerID>0001234567</CustomerID></Customer>${total}`}
  </RetailTransaction></Transaction>`;

const log = (...transactions: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<POSLog xmlns="http://www.nrf-arts.org/IXRetail/namespace/">\n${transactions.join('\n')}\n</POSLog>`;

const typesOf = async (...transactions: string[]) => draftsIn(await read('poslog', log(...transactions))).map(({ type }) => type);

it('a sale is the receipt it is in a CSV file, under the same key', async () => {
  expect(plain(draftsIn(await read('poslog', log(transaction()))))).toEqual([
    {
      type: 'pos.purchase_completed',
      id: 'receipt:0012/01/2026-11-20/123',
      at: '2026-11-20T09:05:30.000Z',
      identifiers: { member: '0001234567' },
      properties: {
        store_id: '0012',
        register_id: '01',
        business_day: '2026-11-20',
        receipt_number: '123',
        total: 3240,
        tax: 240,
        currency: 'JPY',
        payment_method: 'Cash',
        products: [{ product_id: '4901234567894', jan: '4901234567894', name: '有機緑茶 & ①', price: 1500, quantity: 2, amount: 3000 }],
      },
    },
  ]);
});

describe('what the till did', () => {
  it.each([
    ['in training', { attributes: 'TrainingModeFlag="true"' }, []],
    ['and cancelled', { attributes: 'CancelFlag="true"' }, ['pos.purchase_voided']],
    ['and voided later', { status: 'PostVoided' }, ['pos.purchase_voided']],
    ['and put aside', { status: 'Suspended' }, []],
  ])('%s', async (_, given, types) => {
    expect(await typesOf(transaction(given))).toEqual(types);
  });

  it('that is no sale is no event', async () => {
    expect(await typesOf('<Transaction><ControlTransaction><NoSale/></ControlTransaction></Transaction>')).toEqual([]);
  });

  it.each(['1500', '-1500'])('a return written as %s is positive', async (amount) => {
    const body = line('Return', { quantity: '1', amount });
    expect(draftsIn(await read('poslog', log(transaction({ body }))))).toMatchObject([
      { type: 'pos.purchase_returned', properties: { total: 1500, products: [{ quantity: 1, amount: 1500 }] } },
    ]);
  });

  it('a line that was struck out does not count', async () => {
    const body = `${line('Sale')}${line('Sale', { flag: ' VoidFlag="true"' })}`;
    expect(draftsIn(await read('poslog', log(transaction({ body }))))).toMatchObject([{ properties: { total: 3000, products: [{}] } }]);
  });
});

describe('a file', () => {
  it('may have prefixes, and CP932 inside', async () => {
    const prefixed = log(transaction())
      .replaceAll(/<(\/?)(?=[A-Z])/g, '<$1arts:')
      .replace('xmlns=', 'xmlns:arts=')
      .replace('UTF-8', 'Windows-31J');
    const [draft] = draftsIn(await read('poslog', iconv.encode(prefixed, 'cp932')));
    expect(draft?.properties).toMatchObject({ products: [{ name: '有機緑茶 & ①' }] });
  });

  it.each([
    ['without a number', transaction({ number: '' }), 'it has no SequenceNumber'],
    ['with a clock that is wrong', transaction({ day: '2026-10-01' }), 'days from its business day'],
    ['with an amount that is none', transaction({ body: line('Sale', { amount: 'x' }) }), '"x" is not a number'],
  ])('tells of a receipt %s and goes on', async (_, broken, problem) => {
    const items = await read('poslog', log(broken, transaction()));
    expect(draftsIn(items)).toHaveLength(1);
    expect(problemsIn(items).map((item) => item.problem)).toEqual([expect.stringContaining(problem)]);
  });

  it('that breaks off keeps what came before, and says where', async () => {
    const whole = log(transaction(), transaction({ number: '124' }));
    const items = await read('poslog', whole.slice(0, whole.indexOf('124') + 20));
    expect(draftsIn(items).map(({ id }) => id)).toEqual(['receipt:0012/01/2026-11-20/123']);
    expect(problemsIn(items)[0]?.problem).toContain('no XML from here on, nothing after it was read');
  });

  const attacks = {
    'reads a file of this machine': '<!DOCTYPE POSLog [<!ENTITY passwd SYSTEM "file:///etc/passwd">]>',
    'grows without bound': `<!DOCTYPE POSLog [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, n) => `<!ENTITY a${n} "${'&a;'.repeat(10)}">`).join('')}]>`,
    'comes late': `${' '.repeat(8192)}<!DOCTYPE POSLog [<!ENTITY a "ha">]>`,
  };
  it.each(Object.entries(attacks))('whose document type %s is refused whole', async (_, doctype) => {
    await expect(read('poslog', log(transaction()).replace('<POSLog', `${doctype}<POSLog`))).rejects.toThrow(UnusableFile);
  });

  it('with an entity it has not declared is no XML', async () => {
    const items = await read('poslog', log(transaction(), transaction({ number: '&passwd;' })));
    expect([draftsIn(items).length, problemsIn(items)[0]?.problem]).toEqual([1, expect.stringContaining('entity')]);
  });

  it('in an encoding nobody knows is refused', async () => {
    await expect(read('poslog', log(transaction()).replace('UTF-8', 'EBCDIC-X'))).rejects.toThrow(
      'its encoding "ebcdic-x" is none this reads',
    );
  });

  it('that comes in pieces, cut anywhere, is the same', async () => {
    const bytes = Buffer.from(log(transaction(), transaction({ number: '124' })));
    const source = sourcesOf().poslog;
    if (source?.kind !== 'file') throw new Error('no file source');
    const pieces = async function* () {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    };
    const items = [];
    for await (const item of source.read({ ...fileOf(''), open: pieces }, source.options.parse({}) as never)) items.push(item);
    expect(items).toEqual(await read('poslog', bytes));
  });
});
