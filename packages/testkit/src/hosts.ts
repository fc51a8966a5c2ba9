import { HostRefused } from '@enishi/plugin-sdk';

const redirects = [301, 302, 303, 307, 308];
const mostRedirects = 5;

/** Whether a plugin that declares these hosts may call this address. A name without a port means port 443. */
export const mayReach = (hosts: readonly string[], { protocol, hostname, port }: URL): boolean => {
  const asked = `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
  return hosts.some((host) => {
    const declared = /:\d+$/.test(host) ? host : `${host}:443`;
    return declared.startsWith('*.') ? asked.endsWith(declared.slice(1)) : asked === declared;
  });
};

/** The real `fetch`, for these hosts alone. It follows redirects itself: the built-in one would follow them anywhere. */
export function fetchFrom(hosts: readonly string[], signal: AbortSignal): typeof fetch {
  const go = async (request: Request, left: number): Promise<Response> => {
    const url = new URL(request.url);
    if (!mayReach(hosts, url)) throw new HostRefused(`${url.host} is not among the hosts declared: ${hosts.join(', ') || 'none'}`);
    const again = request.clone();
    const reply = await fetch(request, { redirect: 'manual', signal: AbortSignal.any([request.signal, signal]) });
    const location = reply.headers.get('location');
    if (!redirects.includes(reply.status) || location === null) return reply;
    await reply.body?.cancel();
    if (left === 0) throw new TypeError(`redirected more than ${mostRedirects} times`);
    return go(redirected(again, new URL(location, url), reply.status), left - 1);
  };
  return async (input, init) => go(new Request(input, init), mostRedirects);
}

/** What a browser does: 303 asks for the other address with GET, so do 301 and 302 after a POST; keys stay with their host. */
function redirected(request: Request, to: URL, status: number): Request {
  const headers = new Headers(request.headers);
  if (to.origin !== new URL(request.url).origin) for (const name of ['authorization', 'cookie']) headers.delete(name);
  const asksAgain = status === 303 || (status < 303 && request.method === 'POST');
  if (!asksAgain) return new Request(to, new Request(request, { headers }));
  for (const name of ['content-type', 'content-length']) headers.delete(name);
  return new Request(to, { headers, signal: request.signal });
}
