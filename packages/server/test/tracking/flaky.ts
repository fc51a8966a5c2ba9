import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Flaky extends AsyncDisposable {
  readonly url: string;
  /** Requests so far. */
  readonly attempts: { readonly encoding: string | undefined; readonly type: string | undefined }[];
}

/**
 * A network that fails the first `failures` times: `before` the server heard of it (503), or `after` it had stored everything
 * and only its answer was lost.
 */
export async function flaky(target: string, { failures, fail }: { failures: number; fail: 'before' | 'after' }): Promise<Flaky> {
  const attempts: Flaky['attempts'] = [];
  const proxy = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    attempts.push({ encoding: request.headers['content-encoding'], type: request.headers['content-type'] });
    const failing = attempts.length <= failures;
    if (failing && fail === 'before') {
      response.writeHead(503).end();
      return;
    }
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const answer = await fetch(target + request.url, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: Buffer.concat(chunks),
    });
    response.writeHead(failing ? 503 : answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const { port } = proxy.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    attempts,
    [Symbol.asyncDispose]: async () => {
      proxy.closeAllConnections();
      await new Promise((done) => proxy.close(done));
    },
  };
}
