import { createKey, createWorkspace, Database } from '@enishi/core';
import { createTestDatabase, type TestDatabase } from '@enishi/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endAll, enishi, type Running } from './program.ts';

let test: TestDatabase;
let database: Database;
let key: string;
beforeAll(async () => {
  test = await createTestDatabase();
  database = await Database.open({ url: test.url });
  const workspace = await createWorkspace(test.url, { key: 'main', name: 'Main' });
  ({ key } = await createKey(database, workspace, { name: 'source', role: 'source' }));
});
afterAll(async () => {
  await endAll();
  await database.close();
  await test.stop();
});

async function start(env: Record<string, string> = {}): Promise<Running & { url: string }> {
  const running = enishi(['start'], { env: { DATABASE_URL: test.url, LOG_LEVEL: 'info', ...env } });
  const line = await running.line((text) => text.includes('"msg":"listening"'));
  const { url } = JSON.parse(line) as { url: string };
  return { ...running, url: url.replace('localhost', '127.0.0.1') };
}

const send = (url: string, id: string): Promise<Response> =>
  fetch(`${url}/v1/track`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ messageId: id, userId: 'u1', event: 'Stopped' }),
  });

describe('enishi start', () => {
  it('stores what it acknowledged before it stops', async () => {
    const server = await start();
    const acknowledged: string[] = [];
    let sent = 0;
    const client = async (): Promise<void> => {
      for (;;) {
        const id = `stop-${sent++}`;
        const answer = await send(server.url, id).catch(() => undefined);
        if (answer?.status !== 200) return;
        const { receipts } = (await answer.json()) as { receipts: { eventId: string }[] };
        acknowledged.push(receipts[0]?.eventId ?? '');
        if (acknowledged.length === 100) server.child.kill('SIGTERM');
      }
    };
    await Promise.all(Array.from({ length: 8 }, client));
    const { code, stdout } = await server.done;
    expect(code).toBe(0);
    expect(stdout).toContain('"msg":"stopped"');
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);
    const rows = await database.query<{ id: string }>(1, 'select id from event where workspace_id = 1 and id = any($1::uuid[])', [
      acknowledged,
    ]);
    expect(rows).toHaveLength(acknowledged.length);
  });

  it('ends at once at the second signal', async () => {
    const server = await start();
    const hanging = fetch(`${server.url}/hooks/till/sleeper`, { method: 'POST', body: '{}' }).catch(() => undefined);
    await asked(server.url);
    server.child.kill('SIGTERM');
    await server.line((text) => text.includes('a second signal ends at once'));
    server.child.kill('SIGTERM');
    expect((await server.done).code).toBe(143);
    await hanging;
  });

  it('takes the echo of one Ctrl-C that npm passes on for the same one', async () => {
    const server = await start();
    server.child.kill('SIGINT');
    server.child.kill('SIGINT');
    expect((await server.done).code).toBe(0);
  });

  it('ends when the deadline has passed, whatever is still open', async () => {
    const server = await start({ SHUTDOWN_SECONDS: '0.3' });
    const hanging = fetch(`${server.url}/hooks/till/sleeper`, { method: 'POST', body: '{}' }).catch(() => undefined);
    await asked(server.url);
    server.child.kill('SIGTERM');
    const { code, stdout } = await server.done;
    expect(code).toBe(1);
    expect(stdout).toContain('the deadline has passed');
    await hanging;
  });

  it('says in one line that the port is taken', async () => {
    const server = await start();
    const second = enishi(['start', '--port', new URL(server.url).port], { env: { DATABASE_URL: test.url } });
    const { code, stderr } = await second.done;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^enishi: The port is taken.*EADDRINUSE\)\n$/) });
    server.child.kill('SIGINT');
    expect((await server.done).code).toBe(0);
  });
});

/** Resolves when the server has answered something sent later than what hangs: both are in by then. */
const asked = async (url: string): Promise<void> => {
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
};
