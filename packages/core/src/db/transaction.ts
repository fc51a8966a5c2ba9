import type { PoolClient } from 'pg';
import { eachOn, type Statement, sqlOn, type Transaction } from './sql.ts';
import { codeOf } from './sql-state.ts';

const aborted = '25P02';

/**
 * Begins, does the work, commits. The commit goes out right behind the last statement, so locks taken late in a
 * transaction are held for as long as PostgreSQL needs, not for as long as this process is busy with something else.
 */
export async function transact<TResult>(client: PoolClient, work: (sql: Transaction) => Promise<TResult>, begin: string): Promise<TResult> {
  const sql = sqlOn(client);
  const sent: Promise<unknown>[] = [];
  const failures: unknown[] = [];
  const send = (query: Statement | string, values?: readonly unknown[]): void => {
    const answer = sql(query, values);
    answer.catch((error) => failures.push(error));
    sent.push(answer);
  };
  try {
    send(begin);
    const result = await work(Object.assign(sql, { send, each: eachOn(client) }));
    send('commit');
    await Promise.all(sent);
    return result;
  } catch (error) {
    // A statement behind the one that failed is only told that the transaction is aborted; the reason is with the first.
    await Promise.allSettled(sent);
    throw codeOf(error) === aborted ? (failures.find((failure) => codeOf(failure) !== aborted) ?? error) : error;
  }
}
