export * from './account.ts';
export * from './engagement.ts';
export { friendsListed, likesRead, pageLiked, postWritten } from './history.ts';
export * from './lead.ts';
export * from './messenger.ts';
