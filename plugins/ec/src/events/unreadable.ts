import { unreadable } from '@enishi/plugin-sdk';

export const messageUnreadable = unreadable(
  'ec.message_unreadable',
  'A shop sent what cannot be read. Never stored: it is quarantined with its reason.',
);
