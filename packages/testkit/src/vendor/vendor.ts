import type { ServerResponse } from 'node:http';
import type { Fault, VendorAnswer, VendorRequest } from './answer.ts';
import { type FaultOptions, faults, plainFaults } from './faults.ts';
import { type Route, routes } from './routes.ts';
import { bytesOf, listen, send } from './server.ts';

/** A vendor's HTTP server on a free port of this machine. */
export interface FakeVendor {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** `127.0.0.1:PORT`, as a plugin declares it. */
  readonly host: string;
  /** Answers a route: `vendor.on('GET /orders/:id', (request, { id }) => ({ json: { id } }))`. The latest that fits counts. */
  readonly on: (route: `${string} /${string}`, answer: Route) => void;
  /** From now on calls fail like this. The latest fault that fits counts. */
  readonly fault: (fault: Fault, options?: FaultOptions) => void;
  /** Calls are answered as they should be again. */
  readonly heal: () => void;
  /** Whoever was met with silence is answered now. */
  readonly release: () => void;
  /** Every call so far, in order. One that nothing answers gets 404 and is here too. */
  readonly requests: readonly VendorRequest[];
  /** The next call nobody has taken yet; waits for it. */
  readonly next: () => Promise<VendorRequest>;
  /** Calls that came to an address inside by way of the fault `inside`. There should be none. */
  readonly trespassers: readonly VendorRequest[];
  readonly stop: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** Starts a fake vendor: `await using vendor = await fakeVendor()`. */
export async function fakeVendor(): Promise<FakeVendor> {
  const { on, answerOf } = routes();
  const { fault, heal, met } = faults();
  const requests: VendorRequest[] = [];
  const untaken: VendorRequest[] = [];
  const waiting: ((request: VendorRequest) => void)[] = [];
  const trespassers: VendorRequest[] = [];
  const kept = new Set<() => void>();
  const timers = new Set<NodeJS.Timeout>();

  const inside = await listen((request, response) => {
    trespassers.push(request);
    send(response, { body: 'internal' });
  });

  const fail = (how: Fault, answer: VendorAnswer, response: ServerResponse): void => {
    if (how === 'silent') kept.add(() => send(response, answer));
    else if (how === 'cut') sendHalf(response, answer);
    else if (how === 'gone') response.destroy();
    else if (how === 'inside') send(response, { status: 302, headers: { location: inside.url } });
    else if (typeof how === 'string') send(response, plainFaults[how]);
    else if ('afterMs' in how) timers.add(setTimeout(() => send(response, answer), how.afterMs));
    else send(response, how);
  };

  const server = await listen((request, response) => {
    requests.push(request);
    const taker = waiting.shift();
    if (taker) taker(request);
    else untaken.push(request);
    const how = met(request);
    if (how === undefined) send(response, answerOf(request));
    else fail(how, answerOf(request), response);
  });

  const release = (): void => {
    for (const answer of kept) answer();
    kept.clear();
  };
  const stop = async (): Promise<void> => {
    for (const timer of timers) clearTimeout(timer);
    await Promise.all([server.stop(), inside.stop()]);
  };
  return {
    url: server.url,
    host: new URL(server.url).host,
    on,
    fault,
    heal,
    release,
    requests,
    next: async () => untaken.shift() ?? new Promise((resolve) => waiting.push(resolve)),
    trespassers,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The head promises more than comes, so that whoever reads the body finds the connection broken. */
function sendHalf(response: ServerResponse, answer: VendorAnswer): void {
  const { bytes, headers } = bytesOf(answer);
  const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
  response.writeHead(answer.status ?? 200, { ...headers, 'content-length': bytes.length + 1000 });
  response.write(half, () => response.destroy());
}
