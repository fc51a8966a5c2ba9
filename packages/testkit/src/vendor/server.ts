import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { VendorAnswer, VendorRequest } from './answer.ts';

export type Handler = (request: VendorRequest, response: ServerResponse) => void;

export interface Listener {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** An HTTP server on a free port that reads each call whole before it is handled. */
export async function listen(handle: Handler): Promise<Listener> {
  const server = createServer((message, response) => {
    read(message).then(
      (request) => handle(request, response),
      // Whoever hangs up in the middle of a call has said nothing.
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, stop };
}

async function read(message: IncomingMessage): Promise<VendorRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { pathname, searchParams } = new URL(message.url ?? '/', 'http://vendor.example');
  const headers = Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]);
  return {
    method: message.method ?? 'GET',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: Object.fromEntries(headers),
    body,
    text: body.toString(),
    json: () => JSON.parse(body.toString()),
  };
}

/** An answer's bytes with the content type that follows from how it is given. */
export function bytesOf({ json, body = '', headers = {} }: VendorAnswer): { bytes: Buffer; headers: Record<string, string> } {
  if (json === undefined) return { bytes: Buffer.from(body), headers: { ...headers } };
  return { bytes: Buffer.from(JSON.stringify(json)), headers: { 'content-type': 'application/json', ...headers } };
}

export function send(response: ServerResponse, answer: VendorAnswer): void {
  const { bytes, headers } = bytesOf(answer);
  response.writeHead(answer.status ?? 200, { ...headers, 'content-length': bytes.length }).end(bytes);
}
