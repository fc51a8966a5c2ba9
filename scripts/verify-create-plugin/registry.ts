import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Packed } from './packed.ts';

export interface Registry {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** A registry of these packages alone, so that npm creates and installs exactly as a partner's does. */
export async function serve(packages: readonly Packed[]): Promise<Registry> {
  const tarballs = new Map<string, Buffer>();
  const documents = new Map<string, (url: string) => unknown>();
  for (const { manifest, tarball } of packages) {
    const bytes = await readFile(tarball);
    const path = `/-/${manifest.name.replace('/', '-')}.tgz`;
    tarballs.set(path, bytes);
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    documents.set(manifest.name, (url) => ({
      name: manifest.name,
      'dist-tags': { latest: manifest.version },
      versions: { [manifest.version]: { ...manifest, dist: { tarball: `${url}${path}`, integrity } } },
    }));
  }
  const server = createServer(({ url: path = '/' }, response) => {
    const tarball = tarballs.get(path);
    if (tarball) return response.end(tarball);
    const document = documents.get(decodeURIComponent(path.slice(1)));
    if (!document) return response.writeHead(404).end('{}');
    return response.setHeader('content-type', 'application/json').end(JSON.stringify(document(url)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, stop };
}
