export { bounced, clicked, complained, opened, unsubscribed } from './events.ts';
export type { Message } from './message.ts';
export { email } from './plugin.ts';
