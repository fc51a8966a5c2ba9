import type { RawRequest } from '@enishi/plugin-sdk';
import { type FakeVendor, rawRequest, sendSecret } from '@enishi/testkit';

export const contractId = 'sb_skp380c6';

export const settings = (url: string) => ({
  contractId,
  clientId: 'client',
  clientSecret: 'smaregi_client_secret',
  secret: 'smaregi-shared-secret',
  idUrl: url,
  apiUrl: url,
});

export const sign = sendSecret('X-Enishi-Secret', 'smaregi-shared-secret');

export const call = (body: object, event = 'uuid-1'): RawRequest =>
  rawRequest({
    json: body,
    headers: { 'Smaregi-Event': 'pos:transactions', 'Smaregi-Contract-Id': contractId, 'Smaregi-Event-Id': event },
  });

export const sold = (action = 'created', ids = ['25']) => ({ contractId, event: 'pos:transactions', action, transactionHeadIds: ids });
export const changed = (action = 'edited') => ({ contractId, event: 'pos:customers', action, customerIds: ['7'] });

export const transaction = {
  transactionHeadId: '25',
  transactionDateTime: '2026-11-21T09:00:00+09:00',
  terminalTranDateTime: '2026-11-20T18:05:30+09:00',
  updDateTime: '2026-11-21T09:00:00+09:00',
  transactionHeadDivision: '1',
  cancelDivision: '0',
  disposeDivision: '0',
  sumDate: '2026-11-20',
  subtotal: '3000',
  subtotalDiscountPrice: '0',
  pointDiscount: '100',
  couponDiscount: '0',
  total: '2900',
  taxInclude: '214',
  taxExclude: '0',
  cashTotal: '0',
  creditTotal: '2900',
  newPoint: '29',
  spendPoint: '100',
  totalPoint: '1234',
  storeId: '1',
  terminalId: '2',
  terminalTranId: '123',
  customerId: '7',
  customerCode: '0001234567',
  customerRank: 'ゴールド',
  details: [
    {
      transactionDetailId: '1',
      transactionDetailDivision: '1',
      productId: '8000001',
      productCode: '4901234567894',
      productName: '有機緑茶',
      size: '100g',
      price: '1500',
      salesPrice: '1500',
      unitDiscountedSum: '3000',
      quantity: '2',
      taxRate: '8',
      categoryName: '飲料',
    },
  ],
};

export const customer = {
  customerId: '7',
  customerCode: '0001234567',
  rank: 'ゴールド',
  firstName: '太郎',
  lastName: '山田',
  mobileNumber: '090-1234-5678',
  phoneNumber: null,
  mailAddress: 'taro@example.jp',
  sex: '1',
  birthDate: '1990-05-01',
  mailReceiveFlag: '1',
  storeId: '1',
  point: '1234',
  leaveDate: null,
  insDateTime: '2026-01-01T00:00:00+09:00',
  updDateTime: '2026-11-01T00:00:00+09:00',
};

/** A contract with these transactions and one member; `token` counts how often one was asked for. */
export function serve(vendor: FakeVendor, transactions: readonly object[] = [transaction]): void {
  let given = 0;
  vendor.on(`POST /app/${contractId}/token`, () => {
    given += 1;
    return { json: { access_token: `token-${given}`, expires_in: 3600, token_type: 'Bearer', scope: '' } };
  });
  vendor.on(`GET /${contractId}/pos/transactions`, ({ query }) => {
    const [page, limit] = [Number(query.page), Number(query.limit)];
    return { json: transactions.slice((page - 1) * limit, page * limit) };
  });
  vendor.on(`GET /${contractId}/pos/transactions/:id`, (_request, { id }) => {
    const found = transactions.find((each) => (each as { transactionHeadId?: string }).transactionHeadId === id);
    return found ? { json: found } : { status: 404, json: { type: 'not-found', title: 'Not Found', status: 404 } };
  });
  member(vendor);
}

/** The member as they are from now on. */
export function member(vendor: FakeVendor, change: object = {}): void {
  const json = { ...customer, ...change };
  vendor.on(`GET /${contractId}/pos/customers`, { json: [json] });
  vendor.on(`GET /${contractId}/pos/customers/7`, { json });
}
