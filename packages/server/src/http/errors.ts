import { EnishiError } from '@enishi/core';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** Every refusal has this shape. `code` is for programs, `message` for people, `requestId` finds the log line. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly details?: unknown };
  readonly requestId: string;
}

export const errorBody = (request: FastifyRequest, code: string, message: string): ErrorBody => ({
  error: { code, message },
  requestId: String(request.id),
});

/** A refusal that a handler throws: it reaches the caller as it is. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly statusCode: number;
  readonly code: string;
  readonly retryAfter: number | undefined;
  readonly details: unknown;

  constructor(statusCode: number, code: string, rest: { message: string; retryAfter?: number; details?: unknown; cause?: unknown }) {
    super(rest.message, { cause: rest.cause });
    this.statusCode = statusCode;
    this.code = code;
    this.retryAfter = rest.retryAfter;
    this.details = rest.details;
  }
}

/** Busy or broken for now: clients keep their data and come back. */
export const unavailable = (message: string, cause?: unknown): Refusal =>
  new Refusal(503, 'UNAVAILABLE', { message, retryAfter: 2, cause });

/** Turns whatever was thrown into an answer. What nobody foresaw is masked; its id finds it in the log. */
export function answerError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Refusal) {
    if (error.statusCode >= 500) request.log.error({ err: error }, 'refused');
    if (error.retryAfter !== undefined) reply.header('retry-after', String(error.retryAfter));
    const details = error.details === undefined ? {} : { details: error.details };
    return reply
      .code(error.statusCode)
      .send({ error: { code: error.code, message: error.message, ...details }, requestId: String(request.id) });
  }
  if (error instanceof EnishiError) {
    const details = error.details === undefined ? {} : { details: error.details };
    return reply.code(400).send({ error: { code: error.code, message: error.message, ...details }, requestId: String(request.id) });
  }
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500;
  if (status < 500) {
    const code = 'code' in error ? String(error.code) : '';
    return reply.code(status).send(errorBody(request, words[code] ?? words[status] ?? 'BAD_REQUEST', error.message));
  }
  request.log.error({ err: error }, 'unforeseen');
  return reply
    .code(500)
    .send(errorBody(request, 'INTERNAL', `Something went wrong here; it is logged under the request id ${String(request.id)}.`));
}

const words: Readonly<Record<string | number, string>> = {
  INVALID_UTF8: 'INVALID_UTF8',
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'INVALID_JSON',
  400: 'BAD_REQUEST',
  408: 'REQUEST_TIMEOUT',
  413: 'BODY_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

export const answerUnknown = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply.code(404).send(errorBody(request, 'NOT_FOUND', 'There is nothing at this address.'));
