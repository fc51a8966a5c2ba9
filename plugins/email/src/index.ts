export { bounced, clicked, complained, opened, reportUnreadable, unsubscribed } from './events.ts';
export type { Message } from './message.ts';
export { email } from './plugin.ts';
