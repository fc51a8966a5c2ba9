import type { Rule } from '@enishi/plugin-sdk';
import type { Database } from '../db/database.ts';
import { compileRule } from '../rule/compile.ts';
import { readByRule } from '../segment/read-by-rule.ts';
import { batched } from './batch.ts';
import { Compilation } from './compilation.ts';
import type { ConnectionTree } from './connection.ts';
import { deliveries } from './delivery.ts';
import { StatementNames } from './names.ts';
import { quarantined } from './quarantine.ts';
import { type BatchPlan, customersById, customersByRule, type Plan, programsByKey, segmentsByKey } from './root.ts';
import type { Selected, Selection, Tree } from './selection.ts';

export interface ReaderOptions {
  /** Customers one statement may carry. Default 32. */
  readonly largestBatch?: number;
  /** Statements of one selection under way at once. Default 2. */
  readonly inFlight?: number;
  /** Hears of every statement: tests count them, an operator may log them. */
  readonly onStatement?: (text: string, values: readonly unknown[]) => void;
}

type Load = (key: string) => Promise<Tree | undefined>;

/** Selections kept ready. A program of the house uses a few dozen; the bound is for those who write a new one for each question. */
const mostShapes = 500;

/** Answers selections: each with one statement, whose JSON PostgreSQL makes, shared by all who ask the same of other customers meanwhile. One per process. */
export class Reader {
  readonly #database: Database;
  readonly #options: Required<Omit<ReaderOptions, 'onStatement'>> & Pick<ReaderOptions, 'onStatement'>;
  readonly #loaders = new Map<string, Load>();
  readonly #names = new StatementNames();

  constructor(database: Database, options: ReaderOptions = {}) {
    this.#database = database;
    this.#options = { largestBatch: 32, inFlight: 2, ...options };
  }

  /** The customer who answers for this id, also where it was merged into another's. */
  async customer(workspaceId: number, id: string, selection: Selection): Promise<Tree | undefined> {
    return uuid.test(id) ? this.#load(workspaceId, { kind: 'customer', selection })(id.toLowerCase()) : undefined;
  }

  /** A page of the customers a rule holds for, by id. The rule must have been validated. `field` is selected as a connection. */
  async customersByRule(workspaceId: number, rule: Rule, field: Selected): Promise<ConnectionTree> {
    const statement = new Compilation(workspaceId);
    const now = statement.bind(new Date());
    const condition = compileRule(rule, { values: statement.values, bind: (value) => statement.bind(value), workspace: '$1', now });
    // Named even where the rule does not look at the time: PostgreSQL wants to know the type of every parameter.
    const plan = customersByRule(statement, `(${condition}) and ${now}::timestamptz is not null`, field);
    return this.#page(plan, (text) => readByRule(this.#database, workspaceId, { text, values: statement.values }));
  }

  async segment(workspaceId: number, key: string, selection: Selection): Promise<Tree | undefined> {
    return this.#load(workspaceId, { kind: 'segment', selection })(key);
  }

  /** All segments by key; archived ones only where asked for. */
  async segments(workspaceId: number, selection: Selection, { archived = false } = {}): Promise<Tree[]> {
    const statement = new Compilation(workspaceId);
    return this.#list(workspaceId, segmentsByKey(statement, selection, { archived }));
  }

  async programs(workspaceId: number, selection: Selection): Promise<Tree[]> {
    return this.#list(workspaceId, programsByKey(new Compilation(workspaceId), selection));
  }

  async program(workspaceId: number, key: string, selection: Selection): Promise<Tree | undefined> {
    return this.#load(workspaceId, { kind: 'program', selection })(key);
  }

  /** A page of the workspace's deliveries; `field` is selected as a connection. */
  async deliveries(workspaceId: number, field: Selected): Promise<ConnectionTree> {
    const statement = new Compilation(workspaceId);
    return this.#named(workspaceId, { statement, ...deliveries(field, statement) });
  }

  /** A page of the events that could not be accepted; `field` is selected as a connection. */
  async quarantined(workspaceId: number, field: Selected): Promise<ConnectionTree> {
    const statement = new Compilation(workspaceId);
    return this.#named(workspaceId, { statement, ...quarantined(field, statement) });
  }

  /** The loader of one selection, made at its first use. */
  #load(workspaceId: number, root: Root): Load {
    const shape = `${workspaceId} ${JSON.stringify(root)}`;
    const ready = this.#loaders.get(shape);
    // Taken out and put back: the first of the map is the one unused for longest.
    if (ready) this.#loaders.delete(shape);
    const load = ready ?? this.#prepare(workspaceId, root);
    this.#loaders.set(shape, load);
    if (this.#loaders.size > mostShapes) this.#loaders.delete(this.#loaders.keys().next().value ?? '');
    return load;
  }

  #prepare(workspaceId: number, { kind, selection }: Root): Load {
    const plan = batchPlans[kind](new Compilation(workspaceId), selection);
    const load = async (keys: readonly string[]): Promise<Map<string, Tree>> => {
      const values = plan.values(keys);
      this.#options.onStatement?.(plan.text, values);
      const rows = await this.#database.query<{ value: Record<string, unknown> }>(workspaceId, this.#names.of(plan.text), values);
      return new Map(
        rows.map(({ value }) => {
          plan.finish?.(value);
          return [String(value['@key']), value];
        }),
      );
    };
    return batched(load, { largest: this.#options.largestBatch, inFlight: this.#options.inFlight });
  }

  async #list(workspaceId: number, plan: BatchPlan): Promise<Tree[]> {
    const values = plan.values([]);
    this.#options.onStatement?.(plan.text, values);
    const rows = await this.#database.query<{ value: Record<string, unknown> }>(workspaceId, this.#names.of(plan.text), values);
    for (const { value } of rows) plan.finish?.(value);
    return rows.map(({ value }) => value);
  }

  #named(workspaceId: number, plan: Plan): Promise<ConnectionTree> {
    return this.#page(plan, (text) => this.#database.query(workspaceId, this.#names.of(text), plan.statement.values));
  }

  async #page({ statement, sql, finish }: Plan, run: (text: string) => Promise<{ value: unknown }[]>): Promise<ConnectionTree> {
    const text = `select ${sql} as value`;
    this.#options.onStatement?.(text, statement.values);
    const [row] = await run(text);
    return (finish ? finish(row?.value) : row?.value) as ConnectionTree;
  }
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

interface Root {
  readonly kind: keyof typeof batchPlans;
  readonly selection: Selection;
}

const batchPlans = {
  customer: customersById,
  segment: (statement: Compilation, selection: Selection) => segmentsByKey(statement, selection, { only: true, archived: true }),
  program: (statement: Compilation, selection: Selection) => programsByKey(statement, selection, { only: true }),
} satisfies Record<string, (statement: Compilation, selection: Selection) => BatchPlan>;
