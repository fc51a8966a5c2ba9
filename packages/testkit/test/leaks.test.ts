import { createServer } from 'node:net';
import { createTestDatabase } from '@enishi/testkit';
import pg from 'pg';
import { expect, it } from 'vitest';
import { watchForLeaks } from '../src/leaks.ts';

it('fails on a connection nobody closed, and names it', async () => {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url, application_name: 'forgetful' });
  client.on('error', () => {});
  await client.connect();
  await client.query('select 42');
  await expect(database.stop()).rejects.toThrow(/still connected when the test was over: forgetful: idle: select 42/);
  await client.end().catch(() => {});
});

it('fails on a timer and on a listening socket', async () => {
  const check = watchForLeaks();
  const timer = setInterval(() => {}, 60_000);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await expect(check()).rejects.toThrow(/left behind when the test was over: a timer at .*leaks\.test\.ts:\d+:\d+, 1 TCPServerWrap/);
  clearInterval(timer);
  await new Promise((resolve) => server.close(resolve));
});

it('has nothing to say about a test that cleans up', async () => {
  const check = watchForLeaks();
  const timer = setTimeout(() => {}, 60_000);
  clearTimeout(timer);
  await expect(check()).resolves.toBeUndefined();
});
