export type { Delimiter } from './cells.ts';
export { type Document, documents, isNdjson } from './documents.ts';
export { type Group, groups } from './groups.ts';
export { list, tableOptions } from './options.ts';
export { amount, identifier, instant, plainText, toNumber, total, UnreadableCell } from './read.ts';
export { columnOf, openTable, type Row, type Table, type TableOptions } from './table.ts';
export type { Encoding } from './text.ts';
