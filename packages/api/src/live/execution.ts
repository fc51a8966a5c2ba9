import type { Caller } from '@enishi/core';
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { LiveContext } from './context.ts';
import { LiveStream, type Payload } from './live-stream.ts';
import { Refused } from './question.ts';

export type Stream = LiveStream<unknown, Payload>;

/** One message without its id: the end of the JSON text, the same for everybody it goes to. */
export interface Message {
  readonly seq: number;
  readonly cursor: string | null;
  readonly heartbeat: boolean;
  readonly tail: Buffer;
}

export interface Execution {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
}

export interface ExecutorOptions {
  readonly schema: GraphQLSchema;
  readonly contextOf: (caller: Caller) => LiveContext;
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}

/** Items that are answered together: they share one context, and so the reads that can be shared. */
const together = 200;

/** Runs one operation of one caller: opens its stream, answers its payloads. */
export class Executor {
  readonly #options: ExecutorOptions;

  constructor(options: ExecutorOptions) {
    this.#options = options;
  }

  async open(execution: Execution, caller: Caller): Promise<Stream> {
    const stream = await createSourceEventStream(this.#args(execution, caller));
    if (stream instanceof LiveStream) return stream as Stream;
    throw new Refused((stream as ExecutionResult).errors ?? [new GraphQLError('This field cannot be subscribed to.')]);
  }

  /** The messages of one page, in its order. */
  async *answer(payloads: readonly Payload[], execution: Execution, caller: Caller): AsyncGenerator<readonly Message[]> {
    for (let at = 0; at < payloads.length; at += together) {
      const args = this.#args(execution, caller);
      yield await Promise.all(
        payloads.slice(at, at + together).map(async (payload) => {
          const result = await execute({ ...args, rootValue: payload });
          return { seq: payload.seq, cursor: payload.cursor, heartbeat: payload.heartbeat ?? false, tail: this.tailOf(result) };
        }),
      );
    }
  }

  tailOf({ data, errors, extensions }: ExecutionResult): Buffer {
    return Buffer.from(`${JSON.stringify({ data, ...(errors && { errors: this.format(errors) }), ...(extensions && { extensions }) })}}`);
  }

  format(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
    return errors.map((error) => this.#options.formatError(error.toJSON(), error.originalError ?? error));
  }

  #args({ document, variables, operationName }: Execution, caller: Caller) {
    const { schema, contextOf } = this.#options;
    return { schema, document, variableValues: { ...variables }, operationName: operationName ?? null, contextValue: contextOf(caller) };
  }
}
