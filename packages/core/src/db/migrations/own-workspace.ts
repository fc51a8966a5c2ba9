/**
 * The workspace a connection has named. As a sub-select PostgreSQL asks for it once per statement; without, once per row,
 * which was a sixteenth of all its work while events came in.
 */
const named = `(select nullif(current_setting('enishi.workspace', true), '')::int)`;

/** The application's role sees and writes only the rows of the workspace it has named. */
export const ownWorkspace = (table: string, { column = 'workspace_id', rights = 'select, insert, update, delete' } = {}): string[] => [
  `grant ${rights} on ${table} to enishi_app`,
  `alter table ${table} enable row level security`,
  `create policy own_workspace on ${table} using (${column} = ${named})`,
];
