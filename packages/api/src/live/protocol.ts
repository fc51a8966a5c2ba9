import type { Duplex } from 'node:stream';
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import { makeServer } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Executor } from './execution.ts';
import type { Hub } from './hub.ts';
import { Outbox } from './outbox.ts';
import { type Questions, Refused } from './question.ts';
import type { SocketLimits } from './serve-live.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Subscriber } from './subscriber.ts';

export interface ProtocolOptions {
  readonly schema: GraphQLSchema;
  readonly hub: Hub;
  readonly executor: Executor;
  readonly questions: Questions;
  readonly sessions: Sessions;
  readonly sizes: SocketLimits;
  readonly onFailure: (error: unknown) => void;
}

interface Extra {
  readonly socket: WebSocket;
  readonly outbox: Outbox;
  session?: Session;
}

const unauthorized = 4401;
const failed = 4500;

/**
 * graphql-ws speaks the protocol; only the `next` messages, which are nearly all there is, go their own way: made once per
 * group and written to each socket as they are. So the iterators it is given here never yield, they only end.
 */
export function serveSocket(options: ProtocolOptions): (socket: WebSocket, stream: Duplex) => void {
  const { schema, hub, executor, questions, sessions, sizes, onFailure } = options;
  const protocol = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: sizes.init,
    async onConnect({ connectionParams, extra }) {
      const key = keyIn(connectionParams);
      if (key === undefined) extra.socket.close(unauthorized, 'Unauthorized');
      const caller = key === undefined ? undefined : await sessions.authenticate(key);
      if (key === undefined || caller === undefined) return false;
      extra.session = { caller, key, socket: extra.socket };
      sessions.add(extra.session);
      return true;
    },
    async onSubscribe({ extra, subscriptions }, id, payload) {
      try {
        if (extra.session === undefined) throw new Error('acknowledged without a session');
        if (Object.keys(subscriptions).length > sizes.subscriptions) throw tooMany(sizes.subscriptions);
        const question = questions.read(payload);
        const { caller } = extra.session;
        const subscriber = await hub.subscribe(question, { id, caller, outbox: extra.outbox });
        const { document, operationName } = question;
        return { schema, document, ...(operationName !== undefined && { operationName }), contextValue: subscriber };
      } catch (error) {
        return errorsOf(error);
      }
    },
    subscribe: ({ contextValue }) => endOf(contextValue as unknown as Subscriber),
    onError: (...[, , , errors]) => executor.format(errors as readonly GraphQLError[]),
  });

  return (socket, stream) => {
    const outbox = new Outbox({ socket, stream, limit: sizes.buffered });
    const extra: Extra = { socket, outbox };
    // An error of the socket, such as a message that is too large, is followed by its close, which cleans up.
    socket.on('error', onFailure);
    const stopPinging = keepAlive(socket, sizes.ping);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => outbox.sendAndWait(Buffer.from(data)),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) =>
          socket.on('message', (data) => {
            receive(String(data)).catch((error: unknown) => {
              onFailure(error);
              socket.close(failed, 'Internal server error');
            });
          }),
      },
      extra,
    );
    socket.once('close', (code, reason) => {
      stopPinging();
      closed(code, String(reason)).catch(onFailure);
    });
  };
}

/** `{ "authorization": "Bearer eni_…" }` or `{ "apiKey": "eni_…" }`. */
function keyIn(parameters: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const { authorization, Authorization, apiKey } = parameters ?? {};
  const bearer = authorization ?? Authorization;
  if (typeof bearer === 'string') return /^Bearer +(\S+)$/i.exec(bearer)?.[1];
  return typeof apiKey === 'string' && apiKey !== '' ? apiKey : undefined;
}

/** Cuts a socket whose other end is gone without a word. */
function keepAlive(socket: WebSocket, interval: number): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, interval);
  timer.unref();
  return () => clearInterval(timer);
}

function endOf(subscriber: Subscriber): AsyncIterableIterator<ExecutionResult, undefined> {
  const end = async (): Promise<IteratorReturnResult<undefined>> => {
    subscriber.end();
    return { done: true, value: undefined };
  };
  return {
    next: () => subscriber.ended.then(() => ({ done: true, value: undefined })),
    return: end,
    throw: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const tooMany = (limit: number): GraphQLError =>
  new GraphQLError(`This socket already has ${limit} subscriptions under way.`, { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', limit } });

function errorsOf(error: unknown): readonly GraphQLError[] {
  if (error instanceof Refused) return error.errors;
  if (error instanceof GraphQLError) return [error];
  const originalError = error instanceof Error ? error : new Error(String(error));
  return [new GraphQLError(originalError.message, { originalError })];
}
