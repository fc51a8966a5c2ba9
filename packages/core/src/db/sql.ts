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

/** A transaction's SQL. Statements go out as they come, none waits for the answer to the one before. */
export interface Transaction extends Sql {
  /** Runs a statement whose answer nobody waits for. If it fails the transaction fails, with its error. */
  readonly send: (query: Statement | string, values?: readonly unknown[]) => void;
}

/** Times as `Date`, 64-bit numbers as `number` (sequences stay far below 2^53); the rest as the driver has it. */
const types: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === builtins.TIMESTAMPTZ) return (value: string) => new Date(value);
    if (oid === builtins.INT8) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as CustomTypesConfig['getTypeParser'],
};

export const sqlOn =
  (client: PoolClient): Sql =>
  async <TRow>(query: Statement | string, values: readonly unknown[] = []): Promise<TRow[]> => {
    const config = typeof query === 'string' ? { text: query } : query;
    const result = await client.query({ ...config, values: values as unknown[], types });
    return result.rows as TRow[];
  };
