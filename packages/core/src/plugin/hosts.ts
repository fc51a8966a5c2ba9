import { BlockList, isIP } from 'node:net';

/** How a plugin may reach an address: over which protocol, and whether it may lie on the operator's own network. */
export interface Passage {
  readonly inside: boolean;
}

/**
 * Whether these declared hosts let a plugin call this address, and how; `undefined` where they do not. `*.` stands for one
 * or more labels and never leads inside. Without TLS only where the exact host with its port is declared: anybody on the way
 * could otherwise read the vendor's token.
 */
export function passageTo(url: URL, declared: readonly string[]): Passage | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  if (url.username !== '' || url.password !== '') return undefined;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const host = bare(url.hostname);
  for (const entry of declared) {
    const { name, port: named } = partsOf(entry);
    if ((named ?? '443') !== port) continue;
    if (url.protocol === 'http:' && (named === undefined || name.startsWith('*.'))) continue;
    if (name === host) return { inside: true };
    if (name.startsWith('*.') && isIP(host) === 0 && host.endsWith(name.slice(1)) && host.length > name.length - 1)
      return { inside: false };
  }
  return undefined;
}

const bare = (hostname: string): string => hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');

function partsOf(entry: string): { name: string; port: string | undefined } {
  const [, name = '', port] = /^(\[[^\]]+\]|[^:]*|[0-9a-f:]+:[0-9a-f:]*)(?::(\d+))?$/i.exec(entry) ?? [];
  return { name: bare(name), port };
}

type Range = readonly [network: string, prefix: number];

const listOf = (v4: readonly Range[], v6: readonly Range[]): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of v4) list.addSubnet(network, prefix, 'ipv4');
  for (const [network, prefix] of v6) list.addSubnet(network, prefix, 'ipv6');
  return list;
};

/** Where no partner lives, whatever is declared: a cloud's metadata service hands out the machine's own credentials. */
const forbidden = listOf(
  [
    ['0.0.0.0', 8],
    ['169.254.0.0', 16],
    ['100.100.100.200', 32],
    ['192.0.0.192', 32],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ],
  [
    ['::', 128],
    ['fe80::', 10],
    ['fd00:ec2::', 32],
    ['ff00::', 8],
  ],
);

/** The operator's own machines and network, and what other protocols wrap them into. */
const inside = listOf(
  [
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
  ],
  [
    ['::1', 128],
    ['fc00::', 7],
    ['64:ff9b::', 96],
    ['64:ff9b:1::', 48],
    ['2002::', 16],
    ['2001::', 32],
  ],
);

/** Where an address lies. One that is no address at all counts as forbidden. */
export function placeOf(address: string): 'outside' | 'inside' | 'forbidden' {
  const family = isIP(address);
  if (family === 0) return 'forbidden';
  const type = family === 4 ? 'ipv4' : 'ipv6';
  if (forbidden.check(address, type)) return 'forbidden';
  return inside.check(address, type) ? 'inside' : 'outside';
}
