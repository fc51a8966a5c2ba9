export type { CatalogueProduct } from './catalogue/product.ts';
export { lastOrderAt, orderCount, ordered90d } from './computed.ts';
export * from './customer.ts';
export * from './events/index.ts';
export { ec } from './plugin.ts';
export { firstTimeBuyers, lapsedBuyers, repeatBuyers } from './segments.ts';
export { signatureHeader } from './webhook.ts';
