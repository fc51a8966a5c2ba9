// The clients of the benchmark `live`, in a process of their own: so many sockets that speak the protocol of graphql-ws.
import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface Orders {
  readonly url: string;
  readonly key: string;
  readonly count: number;
  readonly query: string;
}

/** What one subscriber was told, in its order, and when. */
export interface Heard {
  readonly cursors: readonly string[];
  /** Milliseconds since 1970, with fractions. */
  readonly times: Float64Array;
}

const now = (): number => performance.timeOrigin + performance.now();

class Client {
  readonly cursors: string[] = [];
  readonly times: number[] = [];
  readonly #socket: WebSocket;
  #wanted: { readonly cursor: string; readonly resolve: () => void } | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async connect({ url, key, query }: Orders): Promise<Client> {
    const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
    const client = new Client(socket);
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } }));
    await once(socket, 'message');
    socket.send(JSON.stringify({ type: 'subscribe', id: crypto.randomUUID(), payload: { query } }));
    const current = once(socket, 'message');
    await current;
    socket.on('message', (data) => client.#hear(data as Buffer));
    return client;
  }

  /** Resolves when the item with this cursor has come. */
  async until(cursor: string): Promise<void> {
    if (this.cursors.includes(cursor)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wanted = { cursor, resolve };
    await promise;
  }

  close(): void {
    this.#socket.terminate();
  }

  /** No JSON is parsed: a thousand subscribers are a thousand machines, and this is one process that must not be the slowest of them. */
  #hear(message: Buffer): void {
    const time = now();
    const at = message.indexOf('"cursor":"') + 10;
    if (at < 10 || message.includes('"errors":')) throw new Error(`not an item: ${message}`);
    if (message.includes('"change":"CURRENT"', at)) return;
    const cursor = message.toString('latin1', at, message.indexOf('"', at));
    this.cursors.push(cursor);
    this.times.push(time);
    if (this.#wanted && cursor === this.#wanted.cursor) this.#wanted.resolve();
  }
}

if (process.send) {
  let clients: Client[] = [];
  process.on('message', async (order: { connect?: Orders; until?: string }) => {
    if (order.connect) {
      for (let left = order.connect.count; left > 0; left -= 50) {
        const { connect } = order;
        clients = clients.concat(await Promise.all(Array.from({ length: Math.min(50, left) }, () => Client.connect(connect))));
      }
      process.send?.({ connected: clients.length });
    }
    if (order.until !== undefined) {
      const { until } = order;
      await Promise.all(clients.map((client) => client.until(until)));
      const heard = clients.map(({ cursors, times }): Heard => ({ cursors, times: Float64Array.from(times) }));
      for (const client of clients) client.close();
      // Not before it has left: a message that is under way is lost with the channel.
      process.send?.({ heard, cpu: process.cpuUsage() }, () => process.disconnect());
    }
  });
}
