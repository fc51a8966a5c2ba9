import { type Caller, isScope } from '@enishi/core';
import { type DocumentNode, type FragmentDefinitionNode, GraphQLError, Kind, type SelectionSetNode } from 'graphql';
import type { AuthCheckerFn } from 'type-graphql';
import type { GraphContext } from './context.ts';

/** `@Authorized('customers:read')`: the caller's key must hold every scope named. */
export const authChecker: AuthCheckerFn<GraphContext, string> = ({ context }, scopes) => {
  requireScopes(context.caller, scopes);
  return true;
};

export function requireScopes(caller: Caller, scopes: readonly string[]): void {
  const missing = scopes.find((scope) => !isScope(scope) || !caller.scopes.has(scope));
  if (missing !== undefined)
    throw new GraphQLError(`This key lacks the scope "${missing}".`, { extensions: { code: 'FORBIDDEN', scope: missing } });
}

/** A key that may read may also see what there is to read; one that only sends events may not. */
export const mayIntrospect = ({ scopes }: Caller): boolean => [...scopes].some((scope) => scope === 'operate' || scope.endsWith(':read'));

const introspects = new WeakMap<DocumentNode, boolean>();

/** Checked for each request and not as a rule of validation: a document that was validated for one caller is not validated again for the next. */
export function requireIntrospection(document: DocumentNode, caller: Caller): void {
  const asks = introspects.get(document) ?? asksForSchema(document);
  introspects.set(document, asks);
  if (asks && !mayIntrospect(caller))
    throw new GraphQLError('This key may not read the schema.', {
      extensions: { code: 'FORBIDDEN', scope: 'introspection', http: { status: 403 } },
    });
}

function asksForSchema(document: DocumentNode): boolean {
  const fragments = new Map(
    document.definitions.flatMap((one): [string, FragmentDefinitionNode][] =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [],
    ),
  );
  const asksIn = (set: SelectionSetNode, seen: ReadonlySet<string>): boolean =>
    set.selections.some((node) => {
      if (node.kind === Kind.FIELD) return node.name.value === '__schema' || node.name.value === '__type';
      if (node.kind === Kind.INLINE_FRAGMENT) return asksIn(node.selectionSet, seen);
      const fragment = fragments.get(node.name.value);
      return fragment !== undefined && !seen.has(node.name.value) && asksIn(fragment.selectionSet, new Set([...seen, node.name.value]));
    });
  return document.definitions.some((one) => one.kind === Kind.OPERATION_DEFINITION && asksIn(one.selectionSet, new Set()));
}
