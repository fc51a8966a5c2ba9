import { type Draft, Unreadable } from '@enishi/plugin-sdk';
import { amount, calendarDay, instant, toNumber, total, UnreadableCell } from '@enishi/plugin-sdk/files';
import { dayProblem } from '../clock.ts';
import { inChain, whoIs } from '../customer.ts';
import { purchaseCompleted, purchaseReturned, purchaseVoided } from '../events/index.ts';
import { productCode } from '../jan.ts';
import { messageId, receiptKey } from '../receipt.ts';
import type { Element } from './elements.ts';

export interface PoslogOptions {
  readonly chain: string | undefined;
  readonly timeZone: string;
  readonly currency: string;
  /** Which `TotalType` is what was paid; the first that is there. */
  readonly totals: readonly string[];
}

type Amount = ReturnType<typeof total>;

/** One sale, return or cancellation; nothing where the till did something else, was in training or only put a sale aside. Throws `Unreadable`. */
export function toDraft(transaction: Element, options: PoslogOptions): Draft | undefined {
  const retail = child(transaction, 'RetailTransaction');
  const status = (retail?.attributes.TransactionStatus ?? '').toLowerCase();
  if (retail === undefined || isTrue(transaction.attributes.TrainingModeFlag) || status.startsWith('suspend')) return undefined;
  try {
    return draftOf(transaction, retail, { ...options, status });
  } catch (error) {
    if (error instanceof UnreadableCell) throw new Unreadable(error.message);
    throw error;
  }
}

function draftOf(transaction: Element, retail: Element, options: PoslogOptions & { readonly status: string }): Draft {
  const { chain, timeZone, status } = options;
  const began = required(text(transaction, 'BeginDateTime') ?? text(transaction, 'POSLogDateTime'), 'BeginDateTime');
  const day = text(transaction, 'BusinessDayDate');
  const key = {
    store_id: required(text(transaction, 'RetailStoreID') ?? text(transaction, 'BusinessUnit', 'UnitID'), 'RetailStoreID'),
    register_id: text(transaction, 'WorkstationID'),
    business_day: calendarDay(day ?? began),
    receipt_number: required(text(transaction, 'SequenceNumber'), 'SequenceNumber'),
  };
  const at = instant(began, timeZone);
  const wrongClock = dayProblem(at, key.business_day);
  if (wrongClock !== undefined) throw new Unreadable(wrongClock);
  const lines = all(retail, 'LineItem').filter(({ attributes }) => !isTrue(attributes.VoidFlag));
  const items = lines.flatMap((line) => itemsOf(line, chain));
  const sum = totalOf(retail, options.totals) ?? total(items.map((item) => item.amount));
  const voided = isTrue(transaction.attributes.CancelFlag) || /void|cancel/.test(status);
  const returned = sum.lt(0) || (items.length > 0 && items.every((item) => item.amount.lt(0)));
  const kind = voided ? 'VOID' : returned ? 'RETURN' : 'SALE';
  // The till writes what came back with a minus or with none; the event says it without.
  const sign = returned ? -1 : 1;
  const draft = {
    id: messageId(key, kind, chain),
    at,
    identifiers: whoIs({ member: memberOf(retail) }, { chain, receipt: inChain(chain, `receipt:${receiptKey(key)}`) }),
    properties: {
      ...key,
      total: toNumber(sum.abs()),
      tax: taxOf(lines),
      currency: text(transaction, 'CurrencyCode') ?? options.currency,
      payment_method: tenderOf(lines),
      products: items.map(({ product, quantity, amount: paid }) => ({
        ...product,
        quantity: toNumber(quantity.times(sign)),
        amount: toNumber(paid.times(sign)),
      })),
    },
  };
  return (kind === 'VOID' ? purchaseVoided : kind === 'RETURN' ? purchaseReturned : purchaseCompleted)(draft);
}

const isTrue = (flag: string | undefined): boolean => flag === 'true' || flag === '1';
const child = (element: Element, name: string): Element | undefined => element.children.find((each) => each.name === name);
const all = (element: Element, name: string): readonly Element[] => element.children.filter((each) => each.name === name);

/** The text at the end of a path of elements; empty is not there. */
function text(element: Element, ...path: readonly string[]): string | undefined {
  const end = path.reduce<Element | undefined>((at, name) => at && child(at, name), element);
  return end?.text.trim() || undefined;
}

function required(value: string | undefined, name: string): string {
  if (value === undefined) throw new Unreadable(`it has no ${name}`);
  return value;
}

const amountIf = (value: string | undefined): Amount | undefined => (value === undefined ? undefined : amount(value));

function itemsOf(line: Element, chain: string | undefined) {
  const sold = child(line, 'Sale');
  const item = sold ?? child(line, 'Return');
  if (item === undefined) return [];
  const price = amountIf(text(item, 'ActualSalesUnitPrice') ?? text(item, 'RegularSalesUnitPrice'));
  const counted = amountIf(text(item, 'Quantity')) ?? total([]).plus(1);
  const paid = amountIf(text(item, 'ExtendedAmount')) ?? (price ?? total([])).times(counted);
  // Some tills write a return with a minus, others say it by the element alone.
  const back = sold === undefined;
  const code = text(item, 'POSIdentity', 'POSItemID') ?? text(item, 'ItemID');
  const product = {
    ...(code === undefined ? {} : productCode(code, chain)),
    name: text(item, 'Description'),
    price: price && toNumber(price),
  };
  return [{ product, quantity: back ? counted.abs().neg() : counted, amount: back ? paid.abs().neg() : paid }];
}

function totalOf(retail: Element, types: readonly string[]): Amount | undefined {
  const totals = all(retail, 'Total');
  const found = types.map((type) => totals.find(({ attributes }) => attributes.TotalType === type)).find((each) => each !== undefined);
  return amountIf(found?.text.trim() || undefined);
}

function taxOf(lines: readonly Element[]): number | undefined {
  const taxes = lines.flatMap((line) => all(line, 'Tax')).flatMap((tax) => amountIf(text(tax, 'Amount')) ?? []);
  return taxes.length === 0 ? undefined : toNumber(total(taxes).abs());
}

const tenderOf = (lines: readonly Element[]): string | undefined =>
  [...new Set(lines.flatMap((line) => all(line, 'Tender')).flatMap(({ attributes }) => attributes.TenderType ?? []))].join('+') ||
  undefined;

const memberOf = (retail: Element): string | undefined =>
  text(retail, 'LoyaltyAccount', 'CustomerID') ??
  text(retail, 'LoyaltyAccount', 'LoyaltyAccountID') ??
  text(retail, 'Customer', 'CustomerID');
