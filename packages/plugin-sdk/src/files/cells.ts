/** The cells of one record, or that a quoted cell is still open at the end of the text, or what is wrong. */
export type Cells = { readonly cells: readonly string[] } | { readonly open: true } | { readonly problem: string };

export type Delimiter = ',' | ';' | '\t' | '|' | 'whitespace';

/**
 * Splits one record (RFC 4180; a quote inside an unquoted cell is an ordinary character). Written here because a stream parser
 * that meets a quote left open swallows the rest of the file, where one broken line must cost no more than itself.
 */
export function splitCells(text: string, delimiter: Delimiter): Cells {
  if (delimiter === 'whitespace') return { cells: text.trim().split(/\s+/) };
  if (!text.includes('"')) return { cells: text.split(delimiter) };
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] !== '"') {
      const end = text.indexOf(delimiter, at);
      cells.push(end < 0 ? text.slice(at) : text.slice(at, end));
      if (end < 0) return { cells };
      at = end + 1;
      continue;
    }
    const end = closingQuote(text, at + 1);
    if (end < 0) return { open: true };
    cells.push(text.slice(at + 1, end).replaceAll('""', '"'));
    if (end + 1 === text.length) return { cells };
    if (text[end + 1] !== delimiter) return { problem: `text after the closing quote of field ${cells.length}` };
    at = end + 2;
  }
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}
