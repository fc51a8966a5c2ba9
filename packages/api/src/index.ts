// First of all: type-graphql's decorators look for it as soon as a class is read.
import 'reflect-metadata';

export { type ApolloOptions, createApollo } from './apollo.ts';
export { authChecker, mayIntrospect, requireIntrospection, requireScopes } from './authorize.ts';
export { requireAffordable } from './complexity.ts';
export { contextFor, type GraphContext } from './context.ts';
export { type Failure, formatErrorWith, type OnFailure } from './errors.ts';
export { defaultLimits, type Limits, limitRule, requireShort } from './limits.ts';
export { defaultSocketLimits, type LiveOptions, type LiveServer, type SocketLimits, serveLive } from './live/index.ts';
export type { PluginServices } from './plugin/services.ts';
export { buildApiSchema, printApiSchema, type ResolverClass } from './schema.ts';
export type { Services } from './services.ts';
