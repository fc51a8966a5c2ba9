import { type Column, type Compilation, columnsOf, many, type Shape, sourceKey } from './compilation.ts';
import type { Selected } from './selection.ts';

// `customer.traits` holds { key: { v: value, t: time, s: source, e: event, i: identity } }, or { v, t, c: type of event } where it is computed.
const traitShape: Shape = {
  key: (row) => ({ sql: `${row}.key` }),
  value: (row) => ({ sql: `${row}.value -> 'v'` }),
  observedAt: (row) => ({ sql: `${row}.value ->> 't'` }),
  source: sourceKey((row) => `(${row}.value ->> 's')::int`),
  eventId: (row) => ({ sql: `${row}.value ->> 'e'` }),
  computedFrom: (row) => ({ sql: `${row}.value ->> 'c'` }),
  identityId: (row) => ({ sql: `${row}.value ->> 'i'` }),
};

/** What is known of the customer in row `customer`, by name; `keys` narrows it. */
export function traitsOf(customer: string, field: Selected, statement: Compilation): Column {
  const row = statement.row('t');
  const columns = columnsOf(traitShape, field.select ?? [], { row, statement });
  const keys = field.args?.keys;
  const narrowed = Array.isArray(keys) ? ` where ${row}.key = any(${statement.bind(keys)}::text[])` : '';
  return many(columns, `jsonb_each(${customer}.traits) ${row}${narrowed} order by ${row}.key`);
}
