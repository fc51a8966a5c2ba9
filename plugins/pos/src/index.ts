export { lastPurchaseAt, purchaseCount, spent90d } from './computed.ts';
export * from './customer.ts';
export * from './events/index.ts';
export { hasCheckDigit, type ProductCode, productCode } from './jan.ts';
export { pos } from './plugin.ts';
export { signatureHeader } from './webhook.ts';
