import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { answerOf } from './answers.ts';

/** What the house said to a partner. */
export interface Said {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** LINE, Facebook, Foursquare and Meta's advertising as the demo needs them, in one server of its own. */
export interface Partners {
  readonly url: string;
  /** In order; only what sends or changes something. */
  readonly said: readonly Said[];
  /** Calls back for each of them until the answered function is called. */
  readonly onSaid: (listener: (said: Said) => void) => () => void;
  readonly stop: () => Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const said = await text(request);
  return said === '' ? undefined : (JSON.parse(said) as unknown);
};

export async function startPartners(): Promise<Partners> {
  const said: Said[] = [];
  const listeners = new Set<(said: Said) => void>();
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const { method = 'GET', url = '/' } = request;
      const { pathname, searchParams } = new URL(url, 'http://partner');
      const body = await bodyOf(request);
      const { status, content } = answerOf({ method, path: pathname, query: searchParams });
      response.writeHead(status, { 'content-type': 'application/json', 'x-line-request-id': `demo-${said.length}` });
      response.end(JSON.stringify(content));
      if (method === 'GET') return;
      const one = { method, path: pathname, body };
      said.push(one);
      for (const listener of listeners) listener(one);
    };
    answer().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    said,
    onSaid: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
