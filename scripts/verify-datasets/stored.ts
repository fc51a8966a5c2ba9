import type { Database, Workspace } from '@enishi/core';
import type { Figures } from './figures.ts';

/** What the database says, asked in SQL that shares no code with the import. */
export class Stored {
  readonly #database: Database;
  readonly #workspace: Workspace;

  constructor(database: Database, workspace: Workspace) {
    this.#database = database;
    this.#workspace = workspace;
  }

  async onlineRetail(): Promise<Figures> {
    return {
      ...(await this.#row(
        `select count(*) filter (where type = 'ec.order_completed') as orders,
           count(*) filter (where type = 'ec.order_refunded') as refunds,
           sum((properties->>'total')::numeric) filter (where type = 'ec.order_completed') as "money sold",
           sum((properties->>'total')::numeric) filter (where type = 'ec.order_refunded') as "money back",
           count(*) filter (where i.namespace = 'anonymous') as "anonymous orders",
           sum(jsonb_array_length(properties->'products')) filter (where i.namespace = 'anonymous') as "anonymous lines"
         from event e join identity i on i.workspace_id = e.workspace_id and i.id = e.identity_id
         where e.workspace_id = $1`,
      )),
      ...(await this.#row(
        `select count(distinct customer_id) filter (where namespace = 'ec.customer') as customers,
           count(distinct customer_id) filter (where namespace = 'anonymous') as "anonymous customers",
           count(distinct customer_id) as "all customers"
         from identity where workspace_id = $1`,
      )),
      ...(await this.#segments()),
    };
  }

  /** Sold less given back, by account id, exact. */
  async balances(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#database.query<{ account: string; balance: string }>(
      this.#workspace.id,
      `select split_part(i.value, ':', 2) as account,
         sum((properties->>'total')::numeric * case type when 'ec.order_refunded' then -1 else 1 end)::numeric(20, 3)::text as balance
       from event e join identity i on i.workspace_id = e.workspace_id and i.id = e.identity_id
       where e.workspace_id = $1 and i.namespace = 'ec.customer' group by 1`,
      [this.#workspace.id],
    );
    return new Map(rows.map(({ account, balance }) => [account, balance]));
  }

  cdnow(): Promise<Figures> {
    return this.#row(
      `select count(*) as orders, count(distinct i.customer_id) as customers,
         sum((properties->>'total')::numeric) as "money sold",
         sum((properties->'products'->0->>'quantity')::numeric) as "items sold"
       from event e join identity i on i.workspace_id = e.workspace_id and i.id = e.identity_id
       where e.workspace_id = $1`,
    );
  }

  transactions(): Promise<Figures> {
    return this.#row(
      `select count(*) as receipts, count(distinct i.customer_id) as households,
         sum((properties->>'total')::numeric)::numeric(20, 2) as "money paid",
         sum((properties->>'discount')::numeric)::numeric(20, 2) as discounts,
         sum(jsonb_array_length(properties->'products')) as "lines stored"
       from event e join identity i on i.workspace_id = e.workspace_id and i.id = e.identity_id
       where e.workspace_id = $1 and e.type = 'pos.purchase_completed'`,
    );
  }

  rowsOf(type: string): Promise<Figures> {
    return this.#row(
      `select count(*) as events, count(distinct i.customer_id) as households
       from event e join identity i on i.workspace_id = e.workspace_id and i.id = e.identity_id
       where e.workspace_id = $1 and e.type = $2`,
      [type],
    );
  }

  coupons(): Promise<Figures> {
    return this.#row(
      `select sum((properties->>'product_count')::numeric) as "products of redeemed coupons"
       from event where workspace_id = $1 and type = 'pos.coupon_redeemed'`,
    );
  }

  traits(): Promise<Figures> {
    return this.#row(`select count(*) as traits from trait_observation where workspace_id = $1`);
  }

  /** Everything that a second import must leave as it is. */
  size(): Promise<Figures> {
    return this.#row(
      `select (select count(*) from event where workspace_id = $1) as events,
         (select count(*) from identity where workspace_id = $1) as identities,
         (select count(*) from customer where workspace_id = $1) as customers,
         (select count(*) from quarantined_event where workspace_id = $1) as quarantined,
         (select count(*) from membership where workspace_id = $1) as memberships`,
    );
  }

  async #segments(): Promise<Figures> {
    const rows = await this.#database.query<{ name: string; size: number }>(
      this.#workspace.id,
      'select lower(name) as name, size from segment where workspace_id = $1',
      [this.#workspace.id],
    );
    return Object.fromEntries(rows.map(({ name, size }) => [name, size]));
  }

  async #row(sql: string, values: readonly unknown[] = []): Promise<Figures> {
    const [row] = await this.#database.query<Figures>(this.#workspace.id, sql, [this.#workspace.id, ...values]);
    return row ?? {};
  }
}
