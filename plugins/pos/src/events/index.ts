export * from './member.ts';
export * from './promotion.ts';
export * from './purchase.ts';
export * from './unreadable.ts';
