export * from './cart.ts';
export * from './checkout.ts';
export * from './customer.ts';
export * from './order.ts';
export * from './privacy.ts';
export * from './product.ts';
export * from './promotion.ts';
export * from './unreadable.ts';
