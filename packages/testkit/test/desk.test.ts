import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HostRefused } from '@enishi/plugin-sdk';
import { createDesk, instants } from '@enishi/testkit';
import { expect, it } from 'vitest';

async function listen(answer: RequestListener): Promise<{ host: string; [Symbol.asyncDispose]: () => Promise<void> }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { host: `127.0.0.1:${port}`, [Symbol.asyncDispose]: stop };
}

it('keeps values as JSON until their time is up by its own clock', async () => {
  const at = instants();
  let minute = 0;
  const { state, kept } = createDesk({ now: () => at(minute) });
  await state.set('token', { value: 't', since: at(0) }, { secret: true, forSeconds: 60 });
  await state.set('cursor', 7);
  expect(await state.get('token')).toEqual({ value: 't', since: at(0).toISOString() });
  expect(kept()).toEqual({ token: { secret: true }, cursor: { secret: false } });
  minute = 1;
  expect(await state.get('token')).toBeUndefined();
  expect(await state.get('cursor')).toBe(7);
});

it('gives what is taken to one caller', async () => {
  const { state } = createDesk();
  await state.set('nonce', { for: 'M-1' });
  const taken = await Promise.all([state.take('nonce'), state.take('nonce'), state.take('nonce')]);
  expect(taken.filter((value) => value !== undefined)).toEqual([{ for: 'M-1' }]);
});

it('refuses what the database would refuse', async () => {
  const { state } = createDesk();
  await expect(state.set('big', 'x'.repeat(65 * 1024))).rejects.toThrow(/"big" is larger than 65536 bytes/);
  await expect(state.set('nothing', undefined)).rejects.toThrow(/no JSON/);
});

it('fetches from the hosts it is given, and follows a redirect only among them', async () => {
  await using inside = await listen((_request, response) => response.end('secret'));
  await using vendor = await listen((request, response) => {
    if (request.url === '/inside') return response.writeHead(302, { location: `http://${inside.host}/` }).end();
    if (request.url === '/here') return response.writeHead(303, { location: '/there' }).end();
    return response.end(`${request.method} ${request.url}`);
  });
  const desk = createDesk({ hosts: [vendor.host] });
  const post = (path: string): Promise<Response> => desk.fetch(`http://${vendor.host}${path}`, { method: 'POST', body: '{}' });
  expect(await (await post('/x')).text()).toBe('POST /x');
  expect(await (await post('/here')).text()).toBe('GET /there');
  await expect(post('/inside')).rejects.toThrow(HostRefused);
  await expect(desk.fetch(`http://${inside.host}/`)).rejects.toThrow(HostRefused);
});

it('keeps the log for whoever asks', () => {
  const desk = createDesk();
  desk.log.warn('slow', { seconds: 9 });
  desk.log.info('done');
  expect(desk.logged).toEqual([
    { level: 'warn', message: 'slow', details: { seconds: 9 } },
    { level: 'info', message: 'done', details: {} },
  ]);
});
