import { column, list, tableOptions } from '@enishi/plugin-sdk/files';
import { z } from 'zod';

export const chain = z.string().optional().describe('Name of the chain, where the workspace has more than one.');

const { format: _csvOnly, ...table } = tableOptions;

/** What every file with one person or household to a row may be told. */
export const personOptions = {
  ...table,
  chain,
  member: column('member', '会員番号'),
  household: column('household'),
};

export const receiptOptions = z.object({
  ...tableOptions,
  chain,
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('JPY'),
  saleWords: list.default(['売上', '通常', '販売', 'SALE', 'sale', 'Sale']).describe('Values of `kind` that mean a sale.'),
  returnWords: list.default(['返品', 'RETURN', 'return', 'Return']).describe('Values of `kind` that mean a return.'),
  voidWords: list.default(['取消', '取消し', '打消', 'VOID', 'void', 'Void']).describe('Values of `kind` that mean a cancelled receipt.'),
  ignoreWords: list.default([]).describe('Values of `kind` that are no sales, such as 入金: they are reported and left out.'),
  codes: z
    .enum(['jan', 'own'])
    .default('jan')
    .describe('`jan` recognises JAN codes by their check digit; `own`: the codes are the chain’s own numbers.'),
  storeId: column('store_id', '店舗コード', '店舗ID', '店舗番号'),
  registerId: column('register_id', 'レジ番号', 'レジNo', '端末番号'),
  receiptNumber: column('receipt_number', 'レシート番号', '取引番号', '伝票番号'),
  businessDay: column('business_day', '営業日').describe('Default: the day of `at` as written.'),
  at: column('at', '取引日時', '販売日時').describe('Column with date and time. Without it, the business day and `time` together.'),
  time: column('time', '取引時刻', '時刻'),
  kind: column('kind', '取引区分', '区分').describe(
    'Column that tells sales from returns and cancellations. Without it the sign of the total does.',
  ),
  member: column('member', '会員番号', '会員コード', 'カード番号'),
  household: column('household'),
  phone: column('phone', '電話番号'),
  productId: column('product_id', 'JANコード', 'JAN', '商品コード'),
  productName: column('product_name', '商品名'),
  category: column('category', '部門', '部門名', 'カテゴリ'),
  quantity: column('quantity', '数量', '点数'),
  price: column('price', '単価'),
  lineDiscount: column('line_discount', '値引額', '値引').describe(
    'Column with what was taken off the line, with or without a minus. Several columns: list them, the sum counts.',
  ),
  amount: column('amount', '金額').describe('Column with what was paid for the line. Default: quantity times price, less the discount.'),
  taxRate: column('tax_rate', '税率区分', '税率'),
  tax: column('tax', '消費税', '税額合計').describe('Column that repeats the tax of the whole receipt.'),
  total: column('total', '合計', '合計金額').describe('Column that repeats the total of the whole receipt. Default: the sum of the lines.'),
  pointsEarned: column('points_earned', '付与ポイント', '獲得ポイント', '今回ポイント'),
  pointsUsed: column('points_used', '利用ポイント', '使用ポイント'),
  pointsBalance: column('points_balance', 'ポイント残高', '累計ポイント').describe('Column with what the member holds after the receipt.'),
  paymentMethod: column('payment_method', '支払方法', '支払区分'),
});

export type ReceiptOptions = z.output<typeof receiptOptions>;
