import { unreadable } from '@enishi/plugin-sdk';

export const receiptUnreadable = unreadable(
  'pos.receipt_unreadable',
  'A till sent what cannot be true or cannot be read. Never stored: it is quarantined with its reason.',
);
