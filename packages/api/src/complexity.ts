import { type DocumentNode, GraphQLError, type GraphQLSchema, getOperationAST, Kind, type TypeNode } from 'graphql';
// Its other build imports graphql's .mjs files: a second copy of graphql, whose types refuse ours.
import { type ComplexityEstimatorArgs, fieldExtensionsEstimator, getComplexity, simpleEstimator } from 'graphql-query-complexity/cjs';

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

const known = new WeakMap<DocumentNode, Map<string, number>>();

/** Refuses an operation whose answer could hold more values than `limit`. Page sizes count as the variables say. */
export function requireAffordable(asked: Asked, limit: number): void {
  const cost = costOf(asked);
  if (cost > limit)
    throw new GraphQLError(`This query may answer ${cost} values; the limit is ${limit}. Ask for smaller pages or fewer levels.`, {
      extensions: { code: 'QUERY_TOO_COMPLEX', limit, actual: cost, http: { status: 400 } },
    });
}

function costOf({ schema, document, variables = {}, operationName }: Asked): number {
  const costs = known.get(document) ?? new Map<string, number>();
  known.set(document, costs);
  const key = `${operationName ?? ''} ${JSON.stringify(sizesIn(document, operationName).map((name) => variables[name] ?? null))}`;
  const cost = costs.get(key) ?? estimate({ schema, document, variables, operationName });
  if (costs.size < 100) costs.set(key, cost);
  return cost;
}

function estimate({ schema, document, variables = {}, operationName }: Asked): number {
  try {
    return getComplexity({
      schema,
      query: document,
      variables: { ...variables },
      ...(operationName !== undefined && { operationName }),
      estimators: [fieldExtensionsEstimator(), simpleEstimator({ defaultComplexity: 1 })],
    });
  } catch (error) {
    // Variables that do not fit are reported by execution, with their path.
    if (error instanceof GraphQLError) return 0;
    throw error;
  }
}

/** The variables an estimate depends on: numbers and switches. The rest, such as ids, would only fill the memory. */
function sizesIn(document: DocumentNode, operationName: string | undefined): string[] {
  const operation = getOperationAST(document, operationName);
  return (operation?.variableDefinitions ?? [])
    .filter(({ type }) => ['Int', 'Boolean'].includes(nameOf(type)))
    .map(({ variable }) => variable.name.value);
}

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));
