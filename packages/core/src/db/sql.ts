import type { CustomTypesConfig, PoolClient } from 'pg';
import pg from 'pg';

/** A statement of the house: prepared once per connection under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Names a fixed statement so that PostgreSQL parses and plans it once. Text made from a caller's rule is run unnamed instead. */
export const statement = (name: string, text: string): Statement => ({ name, text });

/** Runs SQL on one connection that already sees exactly one workspace. */
export type Sql = <TRow>(query: Statement | string, values?: readonly unknown[]) => Promise<TRow[]>;

const { builtins } = pg.types;

/** Hands over one row after another as they arrive: for answers too large to be held as a whole. Resolves after the last one. */
export type EachRow = <TRow>(query: Statement | string, values: readonly unknown[], take: (row: TRow) => void) => Promise<void>;

/** A transaction's SQL. Statements go out as they come, none waits for the answer to the one before. */
export interface Transaction extends Sql {
  /** Runs a statement whose answer nobody waits for. If it fails the transaction fails, with its error. */
  readonly send: (query: Statement | string, values?: readonly unknown[]) => void;
  readonly each: EachRow;
}

/** Times as `Date`, 64-bit numbers as `number` (sequences stay far below 2^53); the rest as the driver has it. */
const types: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === builtins.TIMESTAMPTZ) return (value: string) => new Date(value);
    if (oid === builtins.INT8) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as CustomTypesConfig['getTypeParser'],
};

const configOf = (query: Statement | string, values: readonly unknown[]) => ({
  ...(typeof query === 'string' ? { text: query } : query),
  values: values as unknown[],
  types,
});

export const sqlOn =
  (client: PoolClient): Sql =>
  async <TRow>(query: Statement | string, values: readonly unknown[] = []): Promise<TRow[]> => {
    const result = await client.query(configOf(query, values));
    return result.rows as TRow[];
  };

export const eachOn =
  (client: PoolClient): EachRow =>
  <TRow>(query: Statement | string, values: readonly unknown[], take: (row: TRow) => void) =>
    new Promise((resolve, reject) => {
      const running = client.query(new pg.Query(configOf(query, values)));
      // Thrown inside the driver it would end the process; the rows behind it still have to be let pass.
      const guarded = (row: TRow): void => {
        try {
          take(row);
        } catch (error) {
          reject(error);
        }
      };
      running.on('row', (row) => guarded(row as TRow));
      running.on('end', () => resolve());
      running.on('error', reject);
    });
