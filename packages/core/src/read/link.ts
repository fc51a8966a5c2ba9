import { type Column, type Compilation, column, columnsOf, many, type Shape } from './compilation.ts';
import { identityIn } from './identity.ts';
import { sizeOf } from './page.ts';
import type { Selected } from './selection.ts';

const linkShape: Shape = {
  id: column('id'),
  a: identityIn('a'),
  b: identityIn('b'),
  rule: column('rule'),
  status: column('status'),
  evidence: column('evidence'),
  createdAt: column('created_at'),
  decidedAt: column('decided_at'),
  decidedBy: column('decided_by'),
  reason: column('reason'),
};

/** What ties, holds apart or once tied the identities of the customer in row `customer`, newest first. */
export function linksOf(customer: string, field: Selected, statement: Compilation): Column {
  const row = statement.row('l');
  const columns = columnsOf(linkShape, field.select ?? [], { row, statement });
  const touching = (side: 'a' | 'b'): string =>
    `select link.id from identity join link on link.workspace_id = $1 and link.${side} = identity.id
     where identity.workspace_id = $1 and identity.customer_id = ${customer}.id`;
  return many(
    columns,
    `link ${row} where ${row}.workspace_id = $1 and ${row}.id in (${touching('a')} union ${touching('b')})
     order by ${row}.created_at desc, ${row}.id limit ${statement.bind(sizeOf(field.args ?? {}, 50))}`,
  );
}
