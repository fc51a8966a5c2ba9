import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '@enishi/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbedded } from '../src/index.ts';
import { endAll, enishi, type Running } from './cli/program.ts';

let folder: string;
let config: string;
const env = { LOG_LEVEL: 'info' };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enishi-crash-'));
  // PostgreSQL runs as a user of its own where the tests run as root.
  await chmod(folder, 0o755);
  config = join(folder, 'enishi.config.ts');
  const plugin = new URL('fixture/plugin.ts', import.meta.url).href;
  await writeFile(
    config,
    `import { till } from ${JSON.stringify(plugin)};
     export default { plugins: [till({})], http: { host: '127.0.0.1', port: 0 }, database: { folder: ${JSON.stringify(join(folder, 'postgres'))} } };`,
  );
});
afterAll(async () => {
  await endAll();
  // One that a failed test left running; where there is none, it is started and stopped.
  const embedded = await startEmbedded({ folder: join(folder, 'postgres') });
  await embedded.stop({ force: true });
  await rm(folder, { recursive: true, force: true });
});

async function startServer(): Promise<Running & { url: string }> {
  const running = enishi(['--config', config, 'start'], { env });
  const line = await running.line((text) => text.includes('"msg":"listening"'));
  return { ...running, url: (JSON.parse(line) as { url: string }).url.replace('localhost', '127.0.0.1') };
}

const databaseProcess = async (): Promise<number> =>
  Number((await readFile(join(folder, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0]);

/** On the PostgreSQL that the server started: whoever finds one running shares it. */
async function openDatabase(): Promise<Database> {
  const embedded = await startEmbedded({ folder: join(folder, 'postgres') });
  expect(embedded.shared).toBe(true);
  return Database.open({ url: embedded.url, connections: 2 });
}

/** Items of imports under way. */
async function imported(database: Database): Promise<number> {
  const [row] = await database
    .query<{ items: number }>(1, 'select coalesce(sum(items), 0)::int as items from import where workspace_id = 1 and finished_at is null')
    .catch(() => []);
  return row?.items ?? 0;
}

describe('killed in the middle', () => {
  it.each(['the server', 'the server and its database'])(
    '%s: nothing acknowledged is missing, nothing is there twice',
    async (victim) => {
      const server = await startServer();
      const { stdout } = await enishi(['--config', config, 'key', 'create', '--role', 'source'], { env: { LOG_LEVEL: 'warn' } }).done;
      const key = stdout.trim().split('\n').at(-1) ?? '';

      const file = join(folder, `${victim.length}.ndjson`);
      const lines = Array.from({ length: 8000 }, (_, n) =>
        JSON.stringify({ id: `${victim}-${n}`, member: `F${n % 500}`, item: `file ${victim}`, price: n, at: '2026-05-01T10:00:00Z' }),
      );
      await writeFile(file, lines.join('\n'));
      const importing = enishi(['--config', config, 'import', 'till.lines', file], { env });

      const before = await openDatabase();
      const acknowledged = new Map<string, string>();
      const unanswered = new Map<string, string>();
      let sent = 0;
      const client = async (): Promise<void> => {
        for (;;) {
          const ids = Array.from({ length: 20 }, () => `${victim}-${sent++}`);
          const body = bodyOf(ids, victim);
          const receipts = await send(server.url, key, body).catch(() => undefined);
          if (receipts === undefined) {
            unanswered.set(ids.join(), body);
            return;
          }
          for (const { id, eventId } of receipts) acknowledged.set(id, eventId);
          if (acknowledged.size > 500 && (await imported(before)) > 500 && !server.child.killed) await strike();
        }
      };
      const strike = async (): Promise<void> => {
        const postgres = await databaseProcess();
        server.child.kill('SIGKILL');
        importing.child.kill('SIGKILL');
        if (victim.includes('database')) process.kill(postgres, 'SIGKILL');
      };
      await Promise.all(Array.from({ length: 6 }, client));
      await Promise.all([server.done, importing.done]);
      await before.close();
      expect(unanswered.size).toBeGreaterThan(0);

      const again = await startServer();
      const embedded = await startEmbedded({ folder: join(folder, 'postgres') });
      expect(embedded.shared).toBe(true);
      const database = await Database.open({ url: embedded.url });
      const events = () =>
        database.query<{ id: string; item: string; price: number }>(
          1,
          `select id, properties ->> 'item' as item, (properties ->> 'price')::int as price from event where workspace_id = 1 and properties ->> 'item' like $1`,
          [`% ${victim}`],
        );
      const survived = new Set((await events()).map(({ id }) => id));
      expect((await events()).filter(({ item }) => item.startsWith('file')).length).toBeLessThan(lines.length);
      expect([...acknowledged.values()].filter((id) => !survived.has(id))).toEqual([]);

      for (const body of unanswered.values()) await send(again.url, key, body);
      const resumed = await enishi(['--config', config, 'import', 'till.lines', file], { env }).done;
      expect(resumed.code).toBe(0);
      const all = await events();
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
      expect(
        all
          .filter(({ item }) => item.startsWith('file'))
          .map(({ price }) => price)
          .sort((a, b) => a - b),
      ).toEqual(lines.map((_, n) => n));
      expect(all.filter(({ item }) => item.startsWith('http'))).toHaveLength(sent);

      await database.close();
      again.child.kill('SIGTERM');
      expect((await again.done).code).toBe(0);
    },
    90_000,
  );
});

const bodyOf = (ids: readonly string[], victim: string): string =>
  JSON.stringify({
    batch: ids.map((id) => ({
      type: 'track',
      messageId: id,
      userId: `U${id.length}`,
      event: 'Sold',
      properties: { item: `http ${victim}`, price: 1 },
    })),
  });

async function send(url: string, key: string, body: string): Promise<{ id: string; eventId: string }[]> {
  const answer = await fetch(`${url}/v1/batch`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body });
  if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
  return ((await answer.json()) as { receipts: { id: string; eventId: string }[] }).receipts;
}
