export * from './events/index.ts';
export { foursquareUser } from './identity.ts';
export { secretHeader } from './movement/webhook.ts';
export { foursquare } from './plugin.ts';
export { entered, type Visit, visited } from './rules.ts';
export { scopes } from './scopes.ts';
export { recentVisitors } from './segments.ts';
export * from './traits.ts';
export { type Venue, venue } from './venue.ts';
