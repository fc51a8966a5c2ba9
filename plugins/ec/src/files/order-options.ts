import { column, list, tableOptions } from '@enishi/plugin-sdk/files';
import { z } from 'zod';

export const orderOptions = z.object({
  ...tableOptions,
  shop: z.string().optional().describe('Name of the shop, where the workspace has more than one.'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('JPY'),
  rowIs: z
    .enum(['item', 'order'])
    .default('item')
    .describe(
      '`item`: the rows of one number make one order. `order`: each row is an order; rows with the same number are told apart by counting.',
    ),
  refundPrefixes: list.default([]).describe('Orders whose number begins so are refunds.'),
  refundStatuses: list.default(['返品', '返金', 'refunded', 'returned']).describe('Values of `status` that mean a refund.'),
  cancelStatuses: list.default(['キャンセル', '取消', 'cancelled', 'canceled']).describe('Values of `status` that mean a cancellation.'),
  excludePrefixes: list.default([]).describe('Orders whose number begins so are no orders: they are reported and left out.'),
  orderId: column('order_id', '注文番号', '受注番号').describe('Column, or several whose values together are the number.'),
  at: column('ordered_at', '注文日時', '受注日時', '注文日'),
  status: column('status', '対応状況', 'ステータス'),
  customerId: column('customer_id', '会員ID', '顧客ID'),
  member: column('member', '会員番号'),
  email: column('email', 'メールアドレス'),
  phone: column('phone', '電話番号'),
  productId: column('product_id', '商品コード', '商品ID'),
  productName: column('product_name', '商品名'),
  category: column('category', 'カテゴリ'),
  quantity: column('quantity', '数量', '個数'),
  price: column('price', '単価'),
  amount: column('amount', '金額', '小計').describe('Column with the amount of the whole row. Default: quantity times price.'),
  shipping: column('shipping', '送料').describe('Column that repeats the amount of the whole order, as do `tax`, `discount` and `total`.'),
  tax: column('tax', '消費税'),
  discount: column('discount', '値引き').describe('Column with what was taken off the order, positive.'),
  total: column('total', '合計', '支払い合計').describe('Default: rows plus shipping and tax, less the discount.'),
});

export type OrderOptions = z.output<typeof orderOptions>;
