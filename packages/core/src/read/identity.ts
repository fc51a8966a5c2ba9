import { type Column, type Compilation, column, columnsOf, many, one, type Shape } from './compilation.ts';
import { sizeOf } from './page.ts';
import type { Selected } from './selection.ts';

export const identityShape: Shape = {
  id: column('id'),
  namespace: column('namespace'),
  value: column('value'),
  createdAt: column('created_at'),
};

/** The identities of the customer in row `customer`, oldest first. */
export function identitiesOf(customer: string, field: Selected, statement: Compilation): Column {
  const row = statement.row('i');
  const columns = columnsOf(identityShape, field.select ?? [], { row, statement });
  return many(
    columns,
    `identity ${row} where ${row}.workspace_id = $1 and ${row}.customer_id = ${customer}.id order by ${row}.created_at, ${row}.id limit ${statement.bind(sizeOf(field.args ?? {}, 50))}`,
  );
}

/** The one identity whose id the column holds. */
export const identityIn =
  (id: string) =>
  (holder: string, field: Selected, statement: Compilation): Column => {
    const row = statement.row('i');
    const columns = columnsOf(identityShape, field.select ?? [], { row, statement });
    return one(columns, `identity ${row} where ${row}.workspace_id = $1 and ${row}.id = ${holder}.${id}`);
  };
