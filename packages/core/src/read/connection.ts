import { type Column, type Columns, type Compilation, columnsOf, type Row, type Shape } from './compilation.ts';
import { encodeCursor, type KeyKind, type Page, pageOf } from './page.ts';
import { type Selected, type Selection, selectedIn } from './selection.ts';

/** How a list is ordered and where its rows come from. */
export interface ConnectionOptions {
  readonly statement: Compilation;
  /** Row name the columns are read from. */
  readonly row: string;
  /** Columns the list is ordered by, the last one unique. */
  readonly order: readonly { readonly sql: string; readonly kind: KeyKind; readonly descending: boolean }[];
  readonly node: (selection: Selection) => Columns;
  /** Fields of the edge itself besides `cursor` and `node`. */
  readonly edge?: Shape;
  /** Everything after `select …`; must apply `keyset`, `order by` and `limit` of what it is given. */
  readonly from: (slice: Slice) => string;
}

/** The condition, order and size that cut one page out of a list. */
export interface Slice {
  /** ` and (…) < (…)`, or nothing on a first page. The argument renames the ordering columns, for use in an inner query. */
  readonly keyset: (column?: (sql: string) => string) => string;
  readonly orderBy: (column?: (sql: string) => string) => string;
  /** Placeholder of page size + 1: the one too many tells whether there is more. */
  readonly limit: string;
}

const asIs = (sql: string): string => sql;

/** A page of a list with its cursors, in one expression. `edges { node }` and `nodes` both asked with a node each read the page once more. */
export function connection(field: Selected, options: ConnectionOptions): Column {
  const { statement, order } = options;
  const page = pageOf(
    field.args ?? {},
    order.map(({ kind }) => kind),
  );
  const slice = sliceOf(page, options);
  const edges = selectedIn(field.select, 'edges');
  const nodes = selectedIn(field.select, 'nodes');
  const cursors = { edges: selectedIn(edges?.select, 'cursor') !== undefined, page: asksCursor(field.select) };
  const key = cursors.edges || cursors.page ? order.map(({ sql }, index) => `${sql} as "@${index}", `).join('') : '';
  const parts = [
    ...(edges || !nodes ? [{ selection: selectedIn(edges?.select, 'node')?.select ?? [], edge: edges?.select ?? [] }] : []),
    ...(nodes ? [{ selection: nodes.select ?? [], edge: [] }] : []),
  ].map(({ selection, edge }) => {
    const node = options.node(selection);
    const own = columnsOf(options.edge ?? {}, edge, { row: options.row, statement });
    const edgeColumns = options.edge && edge.length > 0 ? `, (select row_to_json(own) from (select ${own.sql}) own) as "@edge"` : '';
    return {
      sql: `(select coalesce(json_agg(r), '[]') from (select ${key}${node.sql}${edgeColumns} ${options.from(slice)}) r)`,
      finish: node.finish,
    };
  });
  const [first, second] = parts;
  if (first === undefined) throw new TypeError('a connection without columns');
  const build = buildConnection({ page, keys: order.length, cursors });
  const finishRows = (value: unknown, finish: Columns['finish']): Row[] => {
    const rows = value as Row[];
    if (finish) for (const row of rows) finish(row);
    return rows;
  };
  if (second === undefined) return { sql: first.sql, finish: (value) => build(finishRows(value, first.finish)) };
  return {
    sql: `json_build_array(${first.sql}, ${second.sql})`,
    finish: (value) => {
      const [edgeRows, nodeRows] = value as [unknown, unknown];
      return {
        ...build(finishRows(edgeRows, first.finish)),
        nodes: build(finishRows(nodeRows, second.finish)).nodes,
      };
    },
  };
}

function sliceOf(page: Page, { statement, order }: ConnectionOptions): Slice {
  const from = page.from?.map((value, index) => `${statement.bind(value)}::${order[index]?.kind === 'time' ? 'timestamptz' : 'uuid'}`);
  const limit = statement.bind(page.size + 1);
  const descending = (order[0]?.descending ?? false) !== page.backward;
  return {
    limit,
    keyset: (column = asIs) =>
      from ? ` and (${order.map(({ sql }) => column(sql)).join(', ')}) ${descending ? '<' : '>'} (${from.join(', ')})` : '',
    orderBy: (column = asIs) => order.map(({ sql }) => `${column(sql)}${descending ? ' desc' : ''}`).join(', '),
  };
}

export interface ConnectionTree {
  readonly edges: readonly { readonly cursor?: string; readonly node: Row }[];
  readonly nodes: readonly Row[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const asksCursor = (selection: Selection | undefined): boolean =>
  (selectedIn(selection, 'pageInfo')?.select ?? []).some(({ field }) => field === 'startCursor' || field === 'endCursor');

interface Building {
  readonly page: Page;
  /** How many columns a cursor is made of. */
  readonly keys: number;
  /** Where cursors were asked for; elsewhere their columns are not even read. */
  readonly cursors: { readonly edges: boolean; readonly page: boolean };
}

const buildConnection =
  ({ page, keys, cursors }: Building) =>
  (rows: Row[]): ConnectionTree => {
    const more = rows.length > page.size;
    if (more) rows.pop();
    if (page.backward) rows.reverse();
    const cursorOf = (row: Row): string => encodeCursor(Array.from({ length: keys }, (_, index) => String(row[`@${index}`])));
    const [start, end] = [rows[0], rows.at(-1)];
    return {
      edges: rows.map((node) => ({ ...(node['@edge'] as Row | undefined), ...(cursors.edges && { cursor: cursorOf(node) }), node })),
      nodes: rows,
      pageInfo: {
        hasNextPage: page.backward ? page.from !== undefined : more,
        hasPreviousPage: page.backward ? more : page.from !== undefined,
        startCursor: cursors.page && start ? cursorOf(start) : null,
        endCursor: cursors.page && end ? cursorOf(end) : null,
      },
    };
  };
