/** Collects what was compared, prints it as a table and knows whether everything agreed. */
export class Ledger {
  readonly #rows: { readonly place: string; readonly figure: string; readonly source: string; readonly stored: string }[] = [];

  compare(place: string, figure: string, { source, stored }: { source: unknown; stored: unknown }): void {
    this.#rows.push({ place, figure, source: String(source), stored: String(stored) });
  }

  get agrees(): boolean {
    return this.#rows.every(isEqual);
  }

  print(): void {
    const headings = { place: 'data set', figure: 'figure', source: 'source file', stored: 'Enishi' };
    const width = (key: 'place' | 'figure' | 'source' | 'stored'): number =>
      Math.max(...[headings, ...this.#rows].map((row) => row[key].length));
    const [place, figure, source, stored] = [width('place'), width('figure'), width('source'), width('stored')];
    for (const row of [headings, ...this.#rows]) {
      const verdict = row === headings ? '' : isEqual(row) ? 'ok' : 'DIFFERS';
      console.log(
        `${row.place.padEnd(place)}  ${row.figure.padEnd(figure)}  ${row.source.padStart(source)}  ${row.stored.padStart(stored)}  ${verdict}`.trimEnd(),
      );
    }
  }
}

/** PostgreSQL writes 2500315.630000 where the file's sum is 2500315.63. */
const isEqual = ({ source, stored }: { source: string; stored: string }): boolean => plain(source) === plain(stored);

const plain = (text: string): string => (/^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text);
