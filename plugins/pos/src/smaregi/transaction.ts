import { type Draft, shaped, Unreadable } from '@enishi/plugin-sdk';
import { toNumber, total } from '@enishi/plugin-sdk/files';
import { dayProblem } from '../clock.ts';
import { inChain, points as pointsHeld, rank, whoIs } from '../customer.ts';
import { pointsChanged, purchaseCompleted, purchaseCorrected, purchaseReturned, purchaseVoided } from '../events/index.ts';
import { productCode } from '../jan.ts';
import * as shapes from './shapes.ts';

/** 取引区分: 1 is a sale; 6, 7 and 8 give points, take them and let them run out. The others move money in the drawer. */
const sale = '1';
const pointKinds: ReadonlyMap<string, { sign: 1 | -1; reason: string }> = new Map([
  ['6', { sign: 1, reason: 'added' }],
  ['7', { sign: -1, reason: 'taken' }],
  ['8', { sign: -1, reason: 'expired' }],
] as const);

interface Heard {
  readonly chain: string | undefined;
  /** Smaregi says that it was edited. */
  readonly edited?: boolean;
}

/** What a transaction says. One that was edited says what it is now, and does not count as another purchase. */
export function transactionDrafts(payload: unknown, { chain, edited = false }: Heard): Draft[] {
  const sold = shaped(shapes.transaction, payload);
  const at = sold.terminalTranDateTime ?? sold.transactionDateTime;
  if (at === undefined) throw new Unreadable('terminalTranDateTime: there is no time');
  const number = inChain(chain, `smaregi:${sold.transactionHeadId}`);
  const common = { at, identifiers: whoIs(shopperOf(sold, chain), { chain, receipt: number }) };
  // The points and the rank it names are those of the sale: dated by a later change they would win over what was learned since.
  const first = { ...common, id: number, traits: traitsOf(sold) };
  const later = { ...common, at: sold.updDateTime ?? at };
  // 取消 and 打消.
  const cancelled = isSet(sold.cancelDivision) || isSet(sold.disposeDivision);
  const moved = pointKinds.get(sold.transactionHeadDivision ?? sale);
  if (moved !== undefined) {
    const { balance, ...back } = pointsOf(sold, { sign: moved.sign === 1 ? -1 : 1, reason: 'cancelled' });
    return [
      pointsChanged({ ...first, properties: pointsOf(sold, moved) }),
      // Whoever adds the changes up gets nothing out of one that was cancelled, heard of before or not.
      ...(cancelled ? [pointsChanged({ ...later, id: `${number}:voided`, properties: back })] : []),
    ];
  }
  if ((sold.transactionHeadDivision ?? sale) !== sale) return [];
  const properties = propertiesOf(sold, chain);
  const wrongClock = properties.business_day === undefined ? undefined : dayProblem(at, properties.business_day);
  if (wrongClock !== undefined) throw new Unreadable(wrongClock);
  // A sale that is cancelled by the time it is first heard of has not happened.
  if (cancelled) return [purchaseVoided({ ...later, id: `${number}:voided`, properties })];
  const { returned, ...receipt } = properties;
  const drafts = [(returned ? purchaseReturned : purchaseCompleted)({ ...first, properties: receipt })];
  if (sold.updDateTime && (edited || isChanged(sold)))
    drafts.push(purchaseCorrected({ ...later, id: `${number}:corrected:${sold.updDateTime.toISOString()}`, properties: receipt }));
  return drafts;
}

/** Smaregi stores a sale a moment after it has taken it in. */
const momentMs = 60_000;

/** Whether it was touched after it was taken in: an edit whose webhook was lost, or one in bulk, tells of itself by nothing else. */
const isChanged = ({ transactionDateTime: taken, updDateTime: updated }: shapes.Transaction): boolean =>
  taken !== undefined && updated !== undefined && updated.getTime() - taken.getTime() > momentMs;

const isSet = (division: string | undefined): boolean => division !== undefined && division !== '0';

const shopperOf = ({ customerId, customerCode }: shapes.Transaction, chain: string | undefined) => ({
  member: customerCode,
  account: customerId === undefined || /^0+$/.test(customerId) ? undefined : { 'pos.smaregi': inChain(chain, customerId) },
});

/** A till without a member writes a balance of 0, which is nobody's. */
const traitsOf = ({ customerId, customerRank, totalPoint }: shapes.Transaction) =>
  customerId === undefined
    ? []
    : [...(totalPoint ? [pointsHeld(toNumber(totalPoint))] : []), ...(customerRank === undefined ? [] : [rank(customerRank)])];

function propertiesOf(sold: shapes.Transaction, chain: string | undefined) {
  const sum = sold.total ?? total(sold.details.map(amountOf));
  // The till prints a return with a minus, the event says what came back.
  const returned = sum.lt(0);
  const sign = returned ? -1 : 1;
  const signed = (value: ReturnType<typeof total> | undefined): number | undefined => value && toNumber(value.times(sign));
  const discounts = [sold.subtotalDiscountPrice, sold.pointDiscount, sold.couponDiscount].filter((value) => value !== undefined);
  return {
    returned,
    store_id: sold.storeId,
    register_id: sold.terminalId,
    receipt_number: sold.terminalTranId ?? sold.transactionHeadId,
    transaction_id: sold.transactionHeadId,
    business_day: sold.sumDate,
    total: toNumber(sum.times(sign)),
    tax: signed(total([sold.taxInclude, sold.taxExclude].filter((value) => value !== undefined))),
    discount: toNumber(total(discounts.map((value) => value.abs()))) || undefined,
    currency: 'JPY',
    payment_method: paidBy(sold),
    points_earned: sold.newPoint && toNumber(sold.newPoint),
    points_used: sold.spendPoint && toNumber(sold.spendPoint),
    products: sold.details.map((detail) => toProduct(detail, { chain, sign })),
  };
}

function paidBy({ cashTotal, creditTotal }: shapes.Transaction): string | undefined {
  const ways = [cashTotal?.eq(0) === false ? 'cash' : '', creditTotal?.eq(0) === false ? 'credit' : ''].filter((way) => way !== '');
  return ways.length === 0 ? undefined : ways.join('+');
}

/** A line of returned goods may have its quantity written without a minus. */
const takenBack = '2';

function quantityOf({ quantity, transactionDetailDivision: kind }: shapes.Detail): ReturnType<typeof total> {
  const count = quantity ?? total([]).plus(1);
  return kind === takenBack && count.gt(0) ? count.neg() : count;
}

const amountOf = (detail: shapes.Detail): ReturnType<typeof total> =>
  detail.unitDiscountedSum ?? (detail.salesPrice ?? detail.price ?? total([])).times(quantityOf(detail));

function toProduct(detail: shapes.Detail, { chain, sign }: { chain: string | undefined; sign: number }) {
  const code = detail.productCode;
  return {
    ...(code === undefined ? { product_id: detail.productId } : productCode(code, chain)),
    name: detail.productName,
    variant: [detail.color, detail.size].filter((part) => part !== undefined).join(' / ') || undefined,
    category: detail.categoryName,
    quantity: toNumber(quantityOf(detail).times(sign)),
    price: detail.price && toNumber(detail.price),
    amount: toNumber(amountOf(detail).times(sign)),
    tax_rate: detail.taxRate,
  };
}

function pointsOf({ storeId, newPoint, spendPoint, totalPoint }: shapes.Transaction, { sign, reason }: { sign: 1 | -1; reason: string }) {
  const moved = total([newPoint, spendPoint].filter((value) => value !== undefined)).abs();
  return { store_id: storeId, change: toNumber(moved.times(sign)), balance: totalPoint && toNumber(totalPoint), reason };
}
