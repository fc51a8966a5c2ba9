import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

export interface LiveClient {
  /** Starts a subscription; its items come one by one from `next()`, which waits for each. */
  readonly subscribe: <TData = Record<string, unknown>>(query: string, variables?: Record<string, unknown>) => Subscription<TData>;
  /** Why the server closed the socket: resolves when it does. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly dispose: () => Promise<void>;
}

export interface Subscription<TData> {
  /** The next item's `data`. Throws what the server answers instead of one, and when the subscription is over. */
  readonly next: () => Promise<TData>;
  /** The next `count` items. */
  readonly take: (count: number) => Promise<TData[]>;
  readonly stop: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** A real graphql-ws client over a real socket. It does not reconnect by itself: a lost connection is something to see in a test. */
export function connectLive(url: string, key: string | undefined): LiveClient {
  const { promise: closed, resolve: onClosed } = Promise.withResolvers<{ code: number; reason: string }>();
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: key === undefined ? {} : { authorization: `Bearer ${key}` },
    retryAttempts: 0,
    lazy: true,
    on: { closed: (event) => onClosed(event as { code: number; reason: string }) },
  });
  return {
    closed,
    dispose: async () => client.dispose(),
    subscribe: <TData>(query: string, variables: Record<string, unknown> = {}) => {
      const items = client.iterate<TData>({ query, variables });
      const next = async (): Promise<TData> => {
        const { done, value } = await items.next();
        if (done) throw new Error('the subscription is over');
        if (value.errors?.length) throw new AggregateError(value.errors, value.errors[0]?.message);
        return value.data as TData;
      };
      const stop = async (): Promise<void> => void (await items.return?.());
      const take = async (count: number): Promise<TData[]> => {
        const taken: TData[] = [];
        while (taken.length < count) taken.push(await next());
        return taken;
      };
      return { next, take, stop, [Symbol.asyncDispose]: stop };
    },
  };
}
