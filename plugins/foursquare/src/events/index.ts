export * from './account.ts';
export * from './checkin.ts';
export * from './movement.ts';
