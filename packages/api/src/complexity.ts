import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql';
// Its other build imports graphql's .mjs files: a second copy of graphql, whose types refuse ours.
import {
  type ComplexityEstimator,
  type ComplexityEstimatorArgs,
  fieldExtensionsEstimator,
  getComplexity,
  simpleEstimator,
} from 'graphql-query-complexity/cjs';

/** One operation with the values of its variables. */
export interface Asked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly operationName: string | undefined;
}

/** A page costs what is asked of each of its items, as often as there may be items. */
export const pageComplexity = ({ args, childComplexity }: ComplexityEstimatorArgs): number =>
  1 + Math.max(1, Number(args.first ?? args.last ?? 20)) * Math.max(1, childComplexity);

/** A plain list of unknown, usually small, length. */
export const listComplexity = ({ args, childComplexity }: ComplexityEstimatorArgs): number =>
  1 + Math.min(10, Math.max(1, Number(args.first ?? 10))) * Math.max(1, childComplexity);

/** Fields and fragments one estimate looks at, fragments spread out. */
const mostNodes = 10_000;
const known = new WeakMap<DocumentNode, Map<string, number>>();

/**
 * Refuses an operation whose answer could hold more values than `limit`, or that cannot be counted. Page sizes count as the
 * variables say.
 */
export function requireAffordable(asked: Asked, limit: number): void {
  const cost = costOf(asked);
  if (cost > limit)
    throw new GraphQLError(`This query may answer ${cost} values; the limit is ${limit}. Ask for smaller pages or fewer levels.`, {
      extensions: { code: 'QUERY_TOO_COMPLEX', limit, actual: cost, http: { status: 400 } },
    });
}

function costOf(asked: Asked): number {
  const { schema, document, operationName } = asked;
  const operation = getOperationAST(document, operationName);
  const { coerced } = getVariableValues(schema, operation?.variableDefinitions ?? [], { ...asked.variables });
  // Nothing of it will run: execution refuses the operation as a whole and says what does not fit.
  if (!operation || !coerced) return 0;
  const costs = known.get(document) ?? new Map<string, number>();
  known.set(document, costs);
  const key = `${operationName ?? ''} ${deciding(operation, coerced)}`;
  const cost = costs.get(key) ?? estimate(asked);
  if (costs.size < 100) costs.set(key, cost);
  return cost;
}

function estimate({ schema, document, variables, operationName }: Asked): number {
  try {
    return getComplexity({
      schema,
      query: document,
      variables: { ...variables },
      ...(operationName !== undefined && { operationName }),
      estimators: [declared, simpleEstimator({ defaultComplexity: 1 })],
      maxQueryNodes: mostNodes,
    });
  } catch (error) {
    if (error instanceof GraphQLError) throw uncountable(error);
    throw error;
  }
}

/** Execution would fail the one field that cannot be counted and run all others, whatever they cost. */
function uncountable({ message, nodes }: GraphQLError): GraphQLError {
  const reason = nodes ? { code: 'BAD_USER_INPUT' } : { code: 'QUERY_TOO_LARGE', limit: mostNodes };
  return new GraphQLError(message, { nodes: nodes ?? null, extensions: { ...reason, http: { status: 400 } } });
}

const ownEstimate = fieldExtensionsEstimator();

/** What the field says of itself. A page of less than nothing, which its resolver will refuse, must not pay for its neighbours. */
const declared: ComplexityEstimator = (asked) => {
  const cost = ownEstimate(asked);
  return typeof cost === 'number' ? Math.max(1, cost) : undefined;
};

/** What an estimate depends on: numbers and switches, and of the rest, such as ids, whether it is null. Values would only fill the memory. */
const deciding = ({ variableDefinitions = [] }: OperationDefinitionNode, values: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(
    Object.fromEntries(
      variableDefinitions.map(({ variable, type }) => {
        const value = values[variable.name.value];
        return [variable.name.value, ['Int', 'Boolean'].includes(nameOf(type)) ? value : value === null];
      }),
    ),
  );

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));
