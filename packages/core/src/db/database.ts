import type { EntityManager } from '@mikro-orm/postgresql';
import { MikroORM } from '@mikro-orm/postgresql';
import type { Notification, Pool, PoolClient } from 'pg';
import { entities } from './entities/index.ts';
import { type Statement, sqlOn, type Transaction } from './sql.ts';
import { transact } from './transaction.ts';

export interface DatabaseOptions {
  readonly url: string;
  /** Connections this process may hold. Default 10. */
  readonly connections?: number;
  readonly onError?: (error: Error) => void;
}

/**
 * The application's door to PostgreSQL. Everything runs as the role `enishi_app` on a connection that has named one
 * workspace, so row-level security answers with that workspace's rows even where a query forgets to filter.
 */
export class Database {
  readonly #orm: MikroORM;
  readonly #pool: Pool;
  readonly #workspaceOf = new WeakMap<PoolClient, number>();

  private constructor(orm: MikroORM, pool: Pool) {
    this.#orm = orm;
    this.#pool = pool;
  }

  static async open({ url, connections = 10, onError = () => {} }: DatabaseOptions): Promise<Database> {
    const orm = await MikroORM.init({
      clientUrl: url,
      entities,
      pool: { min: 0, max: connections },
      driverOptions: {
        options: '-c role=enishi_app -c timezone=UTC -c jit=off',
        application_name: 'enishi',
        // A statement is sent before the one ahead of it has been answered.
        pipeline: true,
      },
      allowGlobalContext: false,
    });
    const pool = (await orm.em.getConnection().getNativeClient()) as Pool;
    pool.on('error', onError);
    return new Database(orm, pool);
  }

  /** An entity manager for what is not hot: settings, keys, segment definitions. One per unit of work. */
  em(workspaceId: number): EntityManager {
    const em = this.#orm.em.fork();
    em.setSessionContext({ variables: { 'enishi.workspace': workspaceId } });
    return em as EntityManager;
  }

  /** One statement outside a transaction. */
  async query<TRow>(workspaceId: number, query: Statement | string, values: readonly unknown[] = []): Promise<TRow[]> {
    const client = await this.#connect(workspaceId);
    try {
      return await sqlOn(client)<TRow>(query, values);
    } finally {
      client.release();
    }
  }

  /** All or nothing. A statement that fails rolls everything back and is thrown as it is. */
  async transaction<TResult>(workspaceId: number, work: (sql: Transaction) => Promise<TResult>, begin = 'begin'): Promise<TResult> {
    const client = await this.#connect(workspaceId);
    let broken = false;
    try {
      return await transact(client, work, begin);
    } catch (error) {
      await client.query('rollback').catch(() => {
        broken = true;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** The few reads that know no workspace yet: authenticating a key, listing the workspaces to work for. */
  async unscoped<TRow>(query: Statement, values: readonly unknown[] = []): Promise<TRow[]> {
    const client = await this.#pool.connect();
    try {
      return await sqlOn(client)<TRow>(query, values);
    } finally {
      client.release();
    }
  }

  /**
   * Hears a channel until the answered function is called. `onReconnect` runs after every (re)connection, the first
   * included: a notification is only a hint and the ones sent while the line was down are lost, so re-read from the cursor.
   */
  async listen(channel: string, onNotification: (payload: string) => void, onReconnect: () => void): Promise<() => Promise<void>> {
    let closed = false;
    let held: PoolClient | undefined;
    let retry: NodeJS.Timeout | undefined;
    const drop = (client: PoolClient): void => {
      if (held !== client) return;
      held = undefined;
      client.release(true);
      clearTimeout(retry);
      if (!closed) retry = setTimeout(() => void connect(), 1000);
    };
    const connect = async (): Promise<void> => {
      if (closed) return;
      let client: PoolClient;
      try {
        client = await this.#pool.connect();
      } catch {
        retry = setTimeout(() => void connect(), 1000);
        return;
      }
      held = client;
      // Kept on the client for good: it may report its end more than once, and an error nobody hears ends the process.
      client.on('error', () => drop(client));
      client.on('notification', (message: Notification) => onNotification(message.payload ?? ''));
      try {
        await client.query(`listen ${channel}`);
        onReconnect();
      } catch {
        drop(client);
      }
    };
    await connect();
    return async () => {
      closed = true;
      clearTimeout(retry);
      if (held !== undefined) drop(held);
    };
  }

  async close(): Promise<void> {
    await this.#orm.close(true);
  }

  async #connect(workspaceId: number): Promise<PoolClient> {
    const client = await this.#pool.connect();
    if (this.#workspaceOf.get(client) === workspaceId) return client;
    try {
      await client.query({ name: 'workspace', text: `select set_config('enishi.workspace', $1, false)`, values: [String(workspaceId)] });
      this.#workspaceOf.set(client, workspaceId);
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}
