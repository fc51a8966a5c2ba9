import { amount, instant, UnreadableCell } from '@enishi/plugin-sdk/files';
import { z } from 'zod';

/** Smaregi writes everything as text, numbers too; what is not set is null or empty. */
const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? undefined : String(value)));

const read =
  <TValue>(reader: (written: string) => TValue) =>
  (written: string | undefined, context: z.core.$RefinementCtx): TValue | undefined => {
    try {
      return written === undefined ? undefined : reader(written);
    } catch (error) {
      if (!(error instanceof UnreadableCell)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  };

const number = text.transform(read(amount));
const time = text.transform(read((written) => instant(written, 'Asia/Tokyo')));
const id = z.union([z.string().min(1), z.int().transform(String)]);

const detail = z.looseObject({
  transactionDetailDivision: text,
  productId: text,
  productCode: text,
  productName: text,
  color: text,
  size: text,
  categoryName: text,
  price: number,
  salesPrice: number,
  unitDiscountedSum: number,
  quantity: number,
  taxRate: text,
});
export type Detail = z.output<typeof detail>;

export const transaction = z.looseObject({
  transactionHeadId: id,
  transactionHeadDivision: text,
  cancelDivision: text,
  disposeDivision: text,
  transactionDateTime: time,
  terminalTranDateTime: time,
  updDateTime: time,
  sumDate: text,
  storeId: id,
  terminalId: text,
  terminalTranId: text,
  total: number,
  taxInclude: number,
  taxExclude: number,
  subtotalDiscountPrice: number,
  pointDiscount: number,
  couponDiscount: number,
  cashTotal: number,
  creditTotal: number,
  newPoint: number,
  spendPoint: number,
  totalPoint: number,
  customerId: text,
  customerCode: text,
  customerRank: text,
  memo: text,
  details: z.array(detail).max(10_000).default([]),
});
export type Transaction = z.output<typeof transaction>;

export const customer = z.looseObject({
  customerId: id,
  customerCode: text,
  rank: text,
  firstName: text,
  lastName: text,
  firstKana: text,
  lastKana: text,
  postCode: text,
  phoneNumber: text,
  mobileNumber: text,
  mailAddress: text,
  sex: text,
  birthDate: text,
  mailReceiveFlag: text,
  storeId: text,
  point: number,
  leaveDate: text,
  insDateTime: time,
  updDateTime: time,
});
export type Customer = z.output<typeof customer>;
