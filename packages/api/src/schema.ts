import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { authChecker } from './authorize.ts';
import { noPubSub } from './live/index.ts';
import { resolvers } from './resolvers.ts';

export type ResolverClass = new () => object;

/**
 * The schema of the API with the given plugins' fields. Once per process: type-graphql keeps what it has seen in a global
 * store, so a second schema with other plugins would hold the fields of the first.
 */
export const buildApiSchema = (pluginResolvers: readonly ResolverClass[] = []): GraphQLSchema =>
  buildSchemaSync({ resolvers: [...resolvers, ...pluginResolvers], authChecker, pubSub: noPubSub, validate: false, skipCheck: true });

/** The schema without plugins as sorted SDL, as it is committed in `schema/schema.graphql`. */
export const printApiSchema = (): string => `${printSchema(lexicographicSortSchema(buildApiSchema()))}\n`;
