import { createHash } from 'node:crypto';
import { type Statement, statement } from '../db/sql.ts';

/** Each named statement is kept by every connection until it closes, so there is an end to them. */
const mostNames = 200;
const mostCounted = 2000;
/** A statement asked this often will be asked again; one typed into a console once is not worth a name. */
const often = 3;

/** Gives the statements that recur a name, under which PostgreSQL keeps their plan. */
export class StatementNames {
  readonly #named = new Map<string, Statement>();
  readonly #asked = new Map<string, number>();

  of(text: string): Statement | string {
    const known = this.#named.get(text);
    if (known || this.#named.size >= mostNames) return known ?? text;
    const times = (this.#asked.get(text) ?? 0) + 1;
    if (times < often) {
      if (this.#asked.size >= mostCounted) this.#asked.clear();
      this.#asked.set(text, times);
      return text;
    }
    this.#asked.delete(text);
    const named = statement(`read.${createHash('sha256').update(text).digest('hex').slice(0, 24)}`, text);
    this.#named.set(text, named);
    return named;
  }
}
