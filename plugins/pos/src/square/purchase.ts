import { type Draft, shaped } from '@enishi/plugin-sdk';
import { inChain } from '../customer.ts';
import { purchaseCompleted, purchaseReturned, purchaseVoided } from '../events/index.ts';
import type { Square } from './ask.ts';
import type { SquareSettings } from './settings.ts';
import * as shapes from './shapes.ts';
import { shopperOf } from './shopper.ts';

/** What came of an order that changed. Webhooks come twice and in any order; all that tell of one order give the same id. */
export async function orderDrafts(id: string, ask: Square, settings: SquareSettings): Promise<Draft[]> {
  const order = await ask.order(id);
  // What holds no goods is the record of a return; the refund tells of that.
  if (order === undefined || !order.line_items?.length) return [];
  const [tender] = order.tenders ?? [];
  if (!isPaid(order)) return [];
  const payment = tender?.payment_id ?? tender?.id;
  const paid = payment ? await ask.payment(payment) : undefined;
  const account = order.customer_id ?? paid?.customer_id ?? tender?.customer_id;
  const customer = account ? await ask.customer(account) : undefined;
  const draft = {
    at: order.created_at,
    identifiers: shopperOf({ customer, email: paid?.buyer_email_address, order: id }, settings),
    properties: propertiesOf(order, paid),
  };
  const number = inChain(settings.chain, `square:order:${id}`);
  if (order.state === 'CANCELED') return [purchaseVoided({ ...draft, id: `${number}:voided`, at: order.updated_at ?? order.created_at })];
  return [purchaseCompleted({ ...draft, id: number, at: order.closed_at ?? order.created_at })];
}

/** An open order waits for the rest of its money; one without any tender was never paid for. */
function isPaid({ state, tenders, net_amount_due_money: due }: shapes.Order): boolean {
  if (state === 'COMPLETED') return true;
  return (state === 'OPEN' || state === 'CANCELED') && (tenders?.length ?? 0) > 0 && (due?.amount ?? 0) === 0;
}

function propertiesOf(order: shapes.Order, payment: shapes.Payment | undefined) {
  const total = order.total_money ?? payment?.total_money;
  return {
    store_id: order.location_id,
    receipt_number: payment?.receipt_number ?? order.id,
    order_id: order.id,
    total: total?.amount ?? 0,
    tax: order.total_tax_money?.amount,
    discount: order.total_discount_money?.amount,
    currency: total?.currency,
    payment_method: payment?.source_type ?? order.tenders?.[0]?.type ?? undefined,
    products: (order.line_items ?? []).map(toProduct),
  };
}

/** Square's orders name no bar code: the id of its catalogue stands for the product. */
const toProduct = (line: shapes.Line) => ({
  product_id: line.catalog_object_id ?? undefined,
  name: line.name ?? undefined,
  variant: line.variation_name ?? undefined,
  quantity: Number(line.quantity),
  price: line.base_price_money?.amount,
  discount: line.total_discount_money?.amount || undefined,
  amount: line.total_money?.amount,
});

/** Money that went back, once it has. What came back stands in the order of the return, whose origin leads to the customer. */
export async function refundDrafts(object: unknown, ask: Square, settings: SquareSettings): Promise<Draft[]> {
  const refund = shaped(shapes.refund, object);
  if (refund.status !== 'COMPLETED') return [];
  const payment = refund.payment_id ? await ask.payment(refund.payment_id) : undefined;
  const returned = refund.order_id ? await ask.order(refund.order_id) : undefined;
  const [back] = returned?.returns ?? [];
  const origin = back?.source_order_id ?? payment?.order_id ?? undefined;
  const sold = origin === undefined || origin === returned?.id ? returned : await ask.order(origin);
  const account = payment?.customer_id ?? sold?.customer_id;
  const customer = account ? await ask.customer(account) : undefined;
  const number = origin ?? refund.payment_id ?? refund.id;
  return [
    purchaseReturned({
      id: inChain(settings.chain, `square:refund:${refund.id}`),
      at: refund.created_at,
      identifiers: shopperOf({ customer, email: payment?.buyer_email_address, order: number }, settings),
      properties: {
        store_id: refund.location_id ?? payment?.location_id ?? 'square',
        receipt_number: payment?.receipt_number ?? number,
        order_id: origin,
        refund_id: refund.id,
        total: refund.amount_money.amount,
        currency: refund.amount_money.currency,
        reason: refund.reason ?? undefined,
        products: (back?.return_line_items ?? []).map(toProduct),
      },
    }),
  ];
}
