import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Caller, Feed } from '@enishi/core';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { GraphContext } from '../context.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { Executor } from './execution.ts';
import { Hub } from './hub.ts';
import { serveSocket } from './protocol.ts';
import { Questions } from './question.ts';
import { type Authenticate, Sessions } from './sessions.ts';

export interface LiveOptions {
  readonly schema: GraphQLSchema;
  readonly feed: Feed;
  /** The caller a key belongs to, or undefined. Asked at the beginning of each connection and then every few seconds. */
  readonly authenticate: Authenticate;
  readonly contextOf: (caller: Caller) => GraphContext;
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  /** Hears of what goes wrong without a client to tell. */
  readonly onFailure?: (error: unknown) => void;
  /** Default `/graphql`. */
  readonly path?: string;
  readonly limits?: Limits;
  readonly sockets?: Partial<SocketLimits>;
}

export interface SocketLimits {
  /** Open sockets of this process; further ones are answered 503. Default 20,000. */
  readonly sockets: number;
  /** Operations under way on one socket. Default 100. */
  readonly subscriptions: number;
  /** Bytes of one message from a client. Default 262,144. */
  readonly payload: number;
  /** Bytes that may wait for one client before it is told to resume. Default 1,048,576. */
  readonly buffered: number;
  /** Bytes of recent messages kept per distinct subscription. Default 1,048,576. */
  readonly memory: number;
  /** Milliseconds a client has for `connection_init`. Default 5,000. */
  readonly init: number;
  /** Milliseconds between pings; a socket that has not answered one when the next is due is cut. Default 15,000. */
  readonly ping: number;
  /** Milliseconds between looks whether the keys are still good. Default 5,000. */
  readonly recheck: number;
  /** Milliseconds of quiet before a heartbeat, where asked for. Default 10,000. */
  readonly heartbeat: number;
}

export const defaultSocketLimits: SocketLimits = {
  sockets: 20_000,
  subscriptions: 100,
  payload: 262_144,
  buffered: 1_048_576,
  memory: 1_048_576,
  init: 5_000,
  ping: 15_000,
  recheck: 5_000,
  heartbeat: 10_000,
};

export interface LiveServer {
  /** For metrics: open sockets, subscriptions and how many of them are catching up, distinct executions, clients told to resume so far. */
  readonly counts: () => { sockets: number; subscriptions: number; catchingUp: number; executions: number; resumed: number };
  /** Takes no more clients and sends those there are away with 1001, which tells them to come back elsewhere. */
  readonly close: () => Promise<void>;
}

/** Serves subscriptions over WebSocket on an HTTP server, in the protocol of graphql-ws (docs/live-segments.md). */
export function serveLive(server: Server, options: LiveOptions): LiveServer {
  const { schema, feed, authenticate, formatError, onFailure = () => {}, path = '/graphql', limits = defaultLimits } = options;
  const sizes: SocketLimits = { ...defaultSocketLimits, ...options.sockets };
  const contextOf = (caller: Caller) => ({ ...options.contextOf(caller), feed, heartbeat: sizes.heartbeat });
  const executor = new Executor({ schema, contextOf, formatError });
  const hub = new Hub({ feed, executor, memory: sizes.memory, onFailure });
  const questions = new Questions(schema, limits);
  const sessions = new Sessions(authenticate, { interval: sizes.recheck, onFailure });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: sizes.payload, perMessageDeflate: false, handleProtocols });
  const serve = serveSocket({ schema, hub, executor, questions, sessions, sizes, onFailure });

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    // Anybody may send any target, `//` too; an error thrown in this listener would end the process.
    if (request.url?.split('?', 1)[0] !== path) {
      if (server.listenerCount('upgrade') === 1) refuse(stream, '404 Not Found');
    } else if (sockets.clients.size >= sizes.sockets) refuse(stream, '503 Service Unavailable');
    else sockets.handleUpgrade(request, stream, head, (socket) => serve(socket, stream));
  };
  server.on('upgrade', upgrade);

  return {
    counts: () => ({ sockets: sockets.clients.size, executions: hub.groups, ...hub.counts }),
    close: async () => {
      server.off('upgrade', upgrade);
      sessions.stop();
      const gone = [...sockets.clients].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of sockets.clients) socket.close(1001, 'Going away');
      // A client that does not answer the close is cut off: a shutdown must not wait for it.
      const cut = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, 2_000);
      await Promise.all(gone);
      clearTimeout(cut);
      sockets.close();
    },
  };
}

function refuse(stream: Duplex, status: string): void {
  stream.once('error', () => {});
  // The client need not close its side: the connection would stay for ever.
  stream.once('finish', () => stream.destroy());
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
