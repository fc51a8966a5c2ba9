export { whichAudience } from './audience/destination.ts';
export * from './events.ts';
export { type Message, message } from './message/message.ts';
export { blockers, displayName, friend, friends, lineUser } from './person.ts';
export { line } from './plugin.ts';
