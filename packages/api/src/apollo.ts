import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import { requireIntrospection } from './authorize.ts';
import { requireAffordable } from './complexity.ts';
import type { GraphContext } from './context.ts';
import { formatErrorWith, type OnFailure } from './errors.ts';
import { defaultLimits, type Limits, limitRule } from './limits.ts';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  /** Hears of each defect under the id the client was given; log it. */
  readonly onFailure: OnFailure;
  readonly limits?: Partial<Limits>;
  readonly plugins?: readonly ApolloServerPlugin<GraphContext>[];
}

/** The GraphQL server, to be mounted. Documents it has validated and persisted queries are kept in memory within Apollo's bounds. */
export function createApollo({ schema, onFailure, limits: given = {}, plugins = [] }: ApolloOptions): ApolloServer<GraphContext> {
  const limits = { ...defaultLimits, ...given };
  return new ApolloServer<GraphContext>({
    schema,
    // Allowed or refused for each caller by the guard.
    introspection: true,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    // Ending the process is the server's own business.
    stopOnTerminationSignals: false,
    validationRules: [limitRule(limits)],
    parseOptions: { maxTokens: limits.tokens },
    formatError: formatErrorWith(onFailure),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      guard(schema, limits),
      ...plugins,
    ],
  });
}

/** What depends on who asks and with which variables, and so is checked for each request. */
const guard = (schema: GraphQLSchema, limits: Limits): ApolloServerPlugin<GraphContext> => ({
  async requestDidStart({ request }) {
    return {
      async didResolveOperation({ document, contextValue }) {
        requireIntrospection(document, contextValue.caller);
        const asked = { schema, document, variables: request.variables, operationName: request.operationName ?? undefined };
        requireAffordable(asked, limits.complexity);
      },
    };
  },
});
