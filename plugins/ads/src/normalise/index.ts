export { country } from './country.ts';
export { sha256 } from './digest.ts';
export { google } from './google.ts';
export { japaneseFile } from './japan.ts';
export { metaAudience, metaConversion } from './meta.ts';
export type { PhoneForm } from './phone.ts';
export { type Field, fields, prepare, type Rule, type Table } from './rule.ts';
