export type { Delimiter } from './cells.ts';
export { type Document, documents, isNdjson } from './documents.ts';
export { type Group, groups } from './groups.ts';
export { type ColumnChoice, column, list, moment, tableOptions } from './options.ts';
export { amount, calendarDay, detached, identifier, instant, plainText, toNumber, total, UnreadableCell } from './read.ts';
export { RowReader, Withheld } from './row-reader.ts';
export { columnOf, columnsOf, openTable, type Row, requiredColumn, type Table, type TableOptions } from './table.ts';
export type { Encoding } from './text.ts';
