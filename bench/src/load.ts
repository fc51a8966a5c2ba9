import autocannon from 'autocannon';
import { percentile } from './report.ts';

export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Bodies to send, one picked at random for each request. */
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** Bytes a right answer has at least, headers included: an error in disguise is short. */
  readonly least: number;
}

export interface Loaded {
  readonly perSecond: number;
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
  /** Mean size of an answer. */
  readonly bytes: number;
}

/** Keeps `connections` requests under way. Throws where anything but 200 with a whole answer came back. */
export async function load({ url, headers, bodies, connections, seconds, least }: Load): Promise<Loaded> {
  const times: number[] = [];
  let [bytes, short] = [0, 0];
  const began = performance.now();
  const run = autocannon({
    url,
    connections,
    duration: seconds,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    requests: [{ setupRequest: (request) => ({ ...request, body: bodies[Math.floor(Math.random() * bodies.length)] }) }],
  });
  run.on('response', (...[, , size, milliseconds]: [client: unknown, status: number, size: number, milliseconds: number]) => {
    times.push(milliseconds);
    bytes += size;
    if (size < least) short += 1;
  });
  const { errors, timeouts, non2xx, mismatches } = await run;
  const elapsed = performance.now() - began;
  if (errors + timeouts + non2xx + mismatches + short > 0)
    throw new Error(`${url}: ${JSON.stringify({ errors, timeouts, non2xx, mismatches, short, answers: times.length })}`);
  return {
    perSecond: (times.length / elapsed) * 1000,
    requests: times.length,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    bytes: bytes / times.length,
  };
}

/** One question, answered as JSON. */
export async function ask<TAnswer>(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<TAnswer> {
  const response = await fetch(url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body });
  const text = await response.text();
  if (response.status !== 200 || text.includes('"errors"')) throw new Error(`${url}: ${response.status} ${text.slice(0, 500)}`);
  return JSON.parse(text) as TAnswer;
}
