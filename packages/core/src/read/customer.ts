import { type Column, type Columns, type Compilation, column, columnsOf, one, type Shape } from './compilation.ts';
import { consentRecordsOf, consentsOf } from './consent.ts';
import { deliveriesOf } from './delivery.ts';
import { eventsOf } from './event.ts';
import { identitiesOf } from './identity.ts';
import { linksOf } from './link.ts';
import { membershipsOf } from './segment.ts';
import type { Selected, Selection } from './selection.ts';
import { traitsOf } from './trait.ts';

const customerShape: Shape = {
  id: column('id'),
  createdAt: column('created_at'),
  lastEventAt: column('last_event_at'),
  identities: identitiesOf,
  traits: traitsOf,
  consents: consentsOf,
  consentRecords: consentRecordsOf,
  events: eventsOf,
  segments: membershipsOf,
  deliveries: deliveriesOf,
  links: linksOf,
};

/** The select list for customers in row `row`. Their id always comes along: whoever adds a field to the customer needs it. */
export const customerColumns = (selection: Selection, row: string, statement: Compilation): Columns =>
  columnsOf(customerShape, selection, { row, statement, always: ['id'] });

/** The customer who answers now for an id, which may be one that was merged away. */
export function customerOf(id: string, field: Selected, statement: Compilation): Column {
  const customer = statement.row('c');
  const identity = statement.row('f');
  return one(
    customerColumns(field.select ?? [], customer, statement),
    `identity ${identity} join customer ${customer} on ${customer}.workspace_id = $1 and ${customer}.id = ${identity}.customer_id
     where ${identity}.workspace_id = $1 and ${identity}.id = ${id}`,
  );
}
