import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { HostRefused } from '@enishi/plugin-sdk';
import { Agent } from 'undici';
import { limitBody } from './body-limit.ts';
import { passageTo, placeOf } from './hosts.ts';

const mostRedirects = 5;
const mostBytes = 10 * 1024 * 1024;

export interface Outbound {
  readonly fetch: (signal: AbortSignal) => typeof fetch;
  readonly close: () => Promise<void>;
}

export interface OutboundOptions {
  readonly plugin: string;
  readonly hosts: readonly string[];
  /** Default: the system's resolver. */
  readonly lookup?: LookupFunction;
}

/** One plugin's way out: to the hosts it declares and nowhere else. */
export function outboundOf({ plugin, hosts, lookup = resolve as LookupFunction }: OutboundOptions): Outbound {
  // Two pools: a connection that may lead inside is never reused for a name that may not.
  const agents = { inside: agentFor(plugin, lookup, true), outside: agentFor(plugin, lookup, false) };

  const call = async (request: Request, body: ArrayBuffer | undefined): Promise<Response> => {
    const url = new URL(request.url);
    const passage = passageTo(url, hosts);
    if (passage === undefined) throw new HostRefused(`Plugin "${plugin}" does not declare ${url.protocol}//${url.host}.`);
    const place = isIP(hostOf(url)) === 0 ? 'outside' : placeOf(hostOf(url));
    if (place === 'forbidden' || (place === 'inside' && !passage.inside)) throw refusal(plugin, url.host);
    const { method, headers, signal } = request;
    const options = { method, headers, signal, redirect: 'manual' as const, ...(body === undefined ? {} : { body }) };
    return fetch(url, Object.assign<RequestInit, object>(options, { dispatcher: passage.inside ? agents.inside : agents.outside })).catch(
      (error: unknown) => {
        throw refusedIn(error) ?? error;
      },
    );
  };

  const follow = async (request: Request): Promise<Response> => {
    const body = request.body === null ? undefined : await request.arrayBuffer();
    let [next, sent, answer] = [request, body, await call(request, body)];
    for (let redirects = 0; isRedirect(answer) && request.redirect !== 'manual'; redirects += 1) {
      if (request.redirect === 'error' || redirects === mostRedirects) throw new TypeError(`${next.url} redirects too often`);
      await answer.body?.cancel();
      [next, sent] = redirected(next, answer, sent);
      answer = await call(next, sent);
    }
    return limitBody(answer, mostBytes);
  };

  return {
    fetch: (signal) => (input, init) => {
      const given = init?.signal ?? (input instanceof Request ? input.signal : undefined);
      const signals = given === null || given === undefined ? [signal] : [signal, given];
      return follow(new Request(input, { ...init, signal: AbortSignal.any(signals) }));
    },
    close: async () => void (await Promise.all([agents.inside.destroy(), agents.outside.destroy()])),
  };
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

const refusal = (plugin: string, host: string): HostRefused =>
  new HostRefused(`Plugin "${plugin}" may not reach ${host}: its address is not on the public internet.`);

/** The address is judged by the lookup that the connection itself uses, so a name cannot change its answer in between. */
function agentFor(plugin: string, lookup: LookupFunction, mayBeInside: boolean): Agent {
  const judged: LookupFunction = (hostname, options, done) =>
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return done(error, []);
      const addresses = Array.isArray(found) ? found : [];
      const wrong = addresses.some(({ address }) => {
        const place = placeOf(address);
        return place === 'forbidden' || (place === 'inside' && !mayBeInside);
      });
      if (wrong) return done(refusal(plugin, hostname), []);
      const [first] = addresses;
      if (options.all || first === undefined) return done(null, addresses);
      return done(null, first.address, first.family);
    });
  return new Agent({ connect: { lookup: judged, timeout: 10_000 }, keepAliveTimeout: 4_000, connections: 64 });
}

/** `fetch` wraps what the connection threw. */
function refusedIn(error: unknown): HostRefused | undefined {
  if (error instanceof HostRefused) return error;
  if (error instanceof AggregateError) return error.errors.map(refusedIn).find((found) => found !== undefined);
  return error instanceof Error && error.cause !== undefined ? refusedIn(error.cause) : undefined;
}

const isRedirect = ({ status, headers }: Response): boolean => [301, 302, 303, 307, 308].includes(status) && headers.has('location');

/** The next request, as browsers make it: what proves who we are stays with the host it was meant for. */
function redirected(from: Request, answer: Response, body: ArrayBuffer | undefined): [Request, ArrayBuffer | undefined] {
  const url = new URL(answer.headers.get('location') ?? '', from.url);
  const headers = new Headers(from.headers);
  if (url.origin !== new URL(from.url).origin) for (const name of ['authorization', 'cookie', 'proxy-authorization']) headers.delete(name);
  const asGet = answer.status === 303 ? from.method !== 'HEAD' : answer.status < 303 && from.method === 'POST';
  if (asGet) for (const name of ['content-type', 'content-length', 'content-encoding', 'content-language']) headers.delete(name);
  const method = asGet ? 'GET' : from.method;
  return [new Request(url, { method, headers, signal: from.signal }), asGet ? undefined : body];
}
