export type { FileMessage } from './files/audience.ts';
export { type LineAdsKeys, type LineAdsRequest, lineAdsAuthorization } from './files/line-ads-authorization.ts';
export type { GoogleMessage } from './google/audience.ts';
export type { MetaMessage } from './meta/audience.ts';
export type { Conversion } from './meta/event.ts';
export { ads } from './plugin.ts';
