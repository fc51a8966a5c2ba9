import { randomUUID } from 'node:crypto';
import { unwrapResolverError } from '@apollo/server/errors';
import { EnishiError } from '@enishi/core';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** A defect that a client was told of only by its id. */
export interface Failure {
  readonly id: string;
  readonly error: unknown;
  /** Where in the answer it happened, such as `customer.events`. */
  readonly path: string | undefined;
}

export type OnFailure = (failure: Failure) => void;

/**
 * What a client is told. Errors of the domain and of the question itself keep their code, message and details;
 * anything else is a defect, whose text may hold data or SQL: it goes to `onFailure` under an id, and only the id leaves.
 */
export const formatErrorWith =
  (onFailure: OnFailure) =>
  (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const cause = unwrapResolverError(error);
    if (cause instanceof EnishiError) return { ...formatted, message: cause.message, extensions: { ...cause.details, code: cause.code } };
    if (cause instanceof GraphQLError) return withOwnCode(formatted, cause);
    const id = randomUUID();
    onFailure({ id, error: cause, path: formatted.path?.join('.') });
    const { locations, path } = formatted;
    return {
      message: `Something went wrong on our side. Quote ${id} when you report it.`,
      ...(locations && { locations }),
      ...(path && { path }),
      extensions: { code: 'INTERNAL_SERVER_ERROR', id },
    };
  };

/** A refusal of ours that Apollo wrapped into its own (a limit is reported during validation) keeps its code. */
function withOwnCode(formatted: GraphQLFormattedError, error: GraphQLError): GraphQLFormattedError {
  const inner = error.originalError instanceof GraphQLError ? error.originalError : error;
  const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
  const { http: __, ...own } = inner.extensions;
  const tooLarge = inner.message.endsWith('Parsing aborted.') && { code: 'QUERY_TOO_LARGE' };
  return { ...formatted, extensions: { ...extensions, ...own, ...tooLarge } };
}

/** A question that is well-formed but asks for something that has no answer. */
export const badInput = (message: string, details: Record<string, unknown> = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { ...details, code: 'BAD_USER_INPUT' } });
