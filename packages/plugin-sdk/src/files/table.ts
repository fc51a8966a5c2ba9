import { type FileInput, UnusableFile } from '../file.ts';
import { type Delimiter, splitCells } from './cells.ts';
import type { ColumnChoice } from './options.ts';
import { type Encoding, encodingOf, type Line, linesOf } from './text.ts';

/** One record of a table. A broken one has a `problem`, and as many cells as could be read. */
export interface Row {
  readonly lines: readonly number[];
  readonly raw: string;
  readonly cells: readonly string[];
  readonly problem?: string;
}

export interface TableOptions {
  readonly encoding: Encoding | 'auto';
  readonly delimiter: Delimiter;
  /** Names of the columns, for a file without a heading line. */
  readonly columns?: readonly string[] | undefined;
}

/** A file of records under a heading. `rows` may be called again: each call reads the file from its start. */
export interface Table {
  readonly heading: readonly string[];
  readonly rows: () => AsyncIterable<readonly Row[]>;
}

/** A quoted cell may hold line ends, but one left open by mistake must not swallow the file. */
const mostLines = 100;
const notClosed = 'a quoted field that does not close';

export async function openTable(file: FileInput, options: TableOptions): Promise<Table> {
  const encoding = options.encoding === 'auto' ? await encodingOf(file) : options.encoding;
  const heading = options.columns ?? (await headingOf(linesOf(file, encoding), options.delimiter));
  const skipped = options.columns ? 0 : 1;
  return { heading, rows: () => rowsOf(linesOf(file, encoding), { width: heading.length, delimiter: options.delimiter, skipped }) };
}

/** Where a column stands. `undefined` where it is missing and may be; one that was named, or is required, must be there. */
export function columnOf(table: Table, { named, usual }: ColumnChoice, required = false): number | undefined {
  const names = named ?? usual;
  const index = names.map((name) => table.heading.indexOf(name)).find((found) => found >= 0);
  if (index === undefined && (required || named !== undefined)) throw missing(table, names);
  return index;
}

/** Where all the columns stand that together are a number or key. */
export function columnsOf(table: Table, { named, usual }: ColumnChoice): readonly number[] {
  if (named === undefined) return [requiredColumn(table, { named, usual })];
  return named.map((name) => requiredColumn(table, { named: [name], usual }));
}

export function requiredColumn(table: Table, choice: ColumnChoice): number {
  const index = columnOf(table, choice, true);
  if (index === undefined) throw missing(table, choice.named ?? choice.usual);
  return index;
}

const missing = (table: Table, names: readonly string[]): UnusableFile =>
  new UnusableFile(`it has no column ${names.map((name) => `"${name}"`).join(' or ')}; it has ${table.heading.join(', ')}`);

async function headingOf(lines: AsyncIterable<readonly Line[]>, delimiter: Delimiter): Promise<readonly string[]> {
  for await (const block of lines) {
    const line = block.find(({ text }) => text.trim() !== '');
    if (!line) continue;
    const split = line.problem === undefined ? splitCells(line.text, delimiter) : { problem: line.problem };
    if ('cells' in split) return split.cells.map((name) => name.trim());
    throw new UnusableFile(`its heading (line ${line.number}) cannot be read`);
  }
  throw new UnusableFile('it is empty');
}

interface Layout {
  readonly width: number;
  readonly delimiter: Delimiter;
  readonly skipped: number;
}

async function* rowsOf(lines: AsyncIterable<readonly Line[]>, layout: Layout): AsyncIterable<readonly Row[]> {
  let waiting: readonly Line[] = [];
  let toSkip = layout.skipped;
  for await (const block of lines) {
    const filled = waiting.length > 0 ? [...waiting, ...block] : block;
    const skipped = toSkip > 0 ? filled.findIndex(({ text }) => text.trim() !== '') + 1 : 0;
    if (toSkip > 0 && skipped === 0) continue;
    toSkip = 0;
    const taken = take(filled.slice(skipped), { ...layout, atEnd: false });
    waiting = taken.left;
    yield taken.rows;
  }
  yield take(waiting, { ...layout, atEnd: true }).rows;
}

function take(lines: readonly Line[], layout: Layout & { atEnd: boolean }): { rows: readonly Row[]; left: readonly Line[] } {
  const rows: Row[] = [];
  let at = 0;
  while (at < lines.length) {
    const first = lines[at];
    if (first === undefined || (first.text.trim() === '' && first.problem === undefined)) {
      at += 1;
      continue;
    }
    const row = rowAt(lines, at, layout);
    if (row === undefined) break;
    rows.push(row);
    at += row.lines.length;
  }
  return { rows, left: lines.slice(at) };
}

/** The record that starts here, or `undefined` where lines that are still to come may belong to it. */
function rowAt(lines: readonly Line[], at: number, layout: Layout & { atEnd: boolean }): Row | undefined {
  const first = lines[at];
  if (first === undefined) return undefined;
  const broken = (problem: string): Row => ({
    lines: [first.number],
    raw: first.text,
    cells: leading(first.text, layout.delimiter),
    problem,
  });
  if (first.problem !== undefined) return broken(first.problem);
  let text = first.text;
  for (let count = 1; ; count += 1) {
    const split = splitCells(text, layout.delimiter);
    if ('problem' in split) return broken(count > 1 ? notClosed : split.problem);
    if ('cells' in split) {
      const problem = wrongWidth(split.cells, layout.width);
      // A record over several lines that does not fit is a quote left open: reading goes on at the very next line.
      if (problem !== undefined && count > 1) return broken(notClosed);
      const numbers = lines.slice(at, at + count).map(({ number }) => number);
      return problem === undefined
        ? { lines: numbers, raw: text, cells: split.cells }
        : { lines: numbers, raw: text, cells: split.cells, problem };
    }
    const next = lines[at + count];
    if (next === undefined && !layout.atEnd && count < mostLines) return undefined;
    if (next === undefined || next.problem !== undefined || count >= mostLines) return broken(notClosed);
    text += `\n${next.text}`;
  }
}

/** Spreadsheets add empty cells at the end of a line; those are no damage. */
function wrongWidth(cells: readonly string[], width: number): string | undefined {
  if (cells.length === width || (cells.length > width && cells.slice(width).every((cell) => cell === ''))) return undefined;
  return `${cells.length} fields where the heading has ${width}`;
}

/** What stands before the damage: enough to know which order a broken line belongs to. */
function leading(text: string, delimiter: Delimiter): readonly string[] {
  const split = splitCells(text.replaceAll('"', ''), delimiter);
  return 'cells' in split ? split.cells : [];
}
