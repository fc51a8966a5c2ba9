export { type ApolloOptions, createApollo } from './apollo.ts';
export { authChecker, mayIntrospect, requireIntrospection, requireScopes } from './authorize.ts';
export { type Asked as AskedOperation, requireAffordable } from './complexity.ts';
export { contextFor, type GraphContext } from './context.ts';
export { type Failure, formatErrorWith, type OnFailure } from './errors.ts';
export { defaultLimits, type Limits, limitRule, requireShort } from './limits.ts';
export { buildApiSchema, printApiSchema, type ResolverClass } from './schema.ts';
export type { Services } from './services.ts';
