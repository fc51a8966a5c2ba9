import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  specifiedRules,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { requireAffordable } from '../complexity.ts';
import { type Limits, limitRule, requireShort } from '../limits.ts';

/** What a client sends with `subscribe`. */
export interface Asked {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
}

/** One operation that may run, and what it has in common with those of other subscribers. */
export interface Question {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
  /** The same from now on, without where to begin: equal for all who, once they are at the head, are sent the same. */
  readonly shared: { readonly document: DocumentNode; readonly variables: Readonly<Record<string, unknown>>; readonly key: string };
  /** It asks for something of its own first: what came after a cursor, a snapshot, a heartbeat at once. */
  readonly ownBeginning: boolean;
}

/** Where to begin, and nothing that changes what an item looks like. */
const beginnings = new Set(['after', 'snapshot']);

interface Prepared {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly shared: DocumentNode;
  readonly sharedText: string;
  readonly sharedVariables: readonly string[];
}

const mostRemembered = 500;

/** Reads questions: parses and validates each text once. Throws GraphQLErrors that the client may see. */
export class Questions {
  readonly #schema: GraphQLSchema;
  readonly #limits: Limits;
  readonly #prepared = new Map<string, Prepared>();

  constructor(schema: GraphQLSchema, limits: Limits) {
    this.#schema = schema;
    this.#limits = limits;
  }

  read({ query, variables: given, operationName: name }: Asked): Question {
    const operationName = name ?? undefined;
    const { document, operation, shared, sharedText, sharedVariables } = this.#prepare(query, operationName);
    const coerced = getVariableValues(this.#schema, operation.variableDefinitions ?? [], { ...given });
    if (coerced.errors) throw new Refused(coerced.errors, 'BAD_USER_INPUT');
    requireAffordable({ schema: this.#schema, document, variables: given ?? {}, operationName }, this.#limits.complexity);
    const variables = Object.fromEntries(
      sharedVariables.filter((variable) => given?.[variable] !== undefined).map((variable) => [variable, given?.[variable]]),
    );
    const key = JSON.stringify([sharedText, operationName, sharedVariables.map((variable) => coerced.coerced[variable] ?? null)]);
    return {
      document,
      variables: given ?? {},
      operationName,
      shared: { document: shared, variables, key },
      ownBeginning: this.#beginsItself(document, coerced.coerced),
    };
  }

  #prepare(query: string, operationName: string | undefined): Prepared {
    const key = `${operationName ?? ''} ${query}`;
    const known = this.#prepared.get(key);
    if (known) return known;
    requireShort(query, this.#limits);
    const document = parsed(query, this.#limits.tokens);
    const errors = validate(this.#schema, document, [...specifiedRules, limitRule(this.#limits)]);
    if (errors.length > 0) throw new Refused(errors, 'GRAPHQL_VALIDATION_FAILED');
    const operation = getOperationAST(document, operationName);
    if (!operation) throw new GraphQLError('Name the operation to run.', { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
    if (operation.operation !== 'subscription')
      throw new GraphQLError('Only subscriptions run here; send queries and mutations over HTTP.', {
        extensions: { code: 'SUBSCRIPTIONS_ONLY' },
      });
    const shared = this.#withoutBeginning(document);
    const sharedVariables = (getOperationAST(shared, operationName)?.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
    const prepared = { document, operation, shared, sharedText: print(shared), sharedVariables: sharedVariables.sort() };
    const oldest = this.#prepared.size >= mostRemembered ? this.#prepared.keys().next().value : undefined;
    if (oldest !== undefined) this.#prepared.delete(oldest);
    this.#prepared.set(key, prepared);
    return prepared;
  }

  #withoutBeginning(document: DocumentNode): DocumentNode {
    const types = new TypeInfo(this.#schema);
    const root = this.#schema.getSubscriptionType();
    const stripped = visit(
      document,
      visitWithTypeInfo(types, {
        Argument: ({ name }) => (types.getParentType() === root && beginnings.has(name.value) ? null : undefined),
      }),
    );
    const used = new Set<string>();
    visit(stripped, { VariableDefinition: () => false, Variable: ({ name }) => void used.add(name.value) });
    return visit(stripped, { VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? false : null) });
  }

  #beginsItself(document: DocumentNode, variables: Record<string, unknown>): boolean {
    const types = new TypeInfo(this.#schema);
    const root = this.#schema.getSubscriptionType();
    let own = false;
    visit(
      document,
      visitWithTypeInfo(types, {
        Field(node) {
          const field = types.getFieldDef();
          if (types.getParentType() !== root || !field) return undefined;
          const { after, snapshot, heartbeats } = getArgumentValues(field, node, variables);
          own ||= after != null || snapshot === true || heartbeats === true;
          return node.kind === Kind.FIELD ? false : undefined;
        },
      }),
    );
    return own;
  }
}

function parsed(query: string, maxTokens: number): DocumentNode {
  try {
    return parse(query, { maxTokens });
  } catch (error) {
    throw error instanceof GraphQLError ? new Refused([error], 'GRAPHQL_PARSE_FAILED') : error;
  }
}

/** Several errors at once, as validation finds them. Those without a code are given this one. */
export class Refused extends Error {
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[], code?: string) {
    super(errors.map(({ message }) => message).join('\n'));
    this.errors = errors;
    if (code !== undefined) for (const { extensions } of errors) extensions.code ??= code;
  }
}
