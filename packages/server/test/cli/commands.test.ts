import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authenticate, createWorkspace, Database } from '@enishi/core';
import { createTestDatabase, type TestDatabase } from '@enishi/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endAll, enishi, type Finished } from './program.ts';

let test: TestDatabase;
let database: Database;
let folder: string;
beforeAll(async () => {
  test = await createTestDatabase();
  database = await Database.open({ url: test.url });
  folder = await mkdtemp(join(tmpdir(), 'enishi-cli-'));
  await createWorkspace(test.url, { key: 'main', name: 'Main' });
});
afterAll(async () => {
  await endAll();
  await database.close();
  await test.stop();
  await rm(folder, { recursive: true });
});

const run = (...words: string[]): Promise<Finished> => enishi(words, { env: { DATABASE_URL: test.url } }).done;

const sales = (from: number, to: number, item = 'tea'): string[] =>
  Array.from({ length: to - from }, (_, n) =>
    JSON.stringify({ id: `s${from + n}`, member: `M${from + n}`, item, price: 100, at: '2026-05-01T10:00:00Z' }),
  );

const storedEvents = async (): Promise<number> => (await database.query(1, `select 1 from event where workspace_id = 1`)).length;

describe('enishi', () => {
  it.each([[], ['start'], ['migrate'], ['import'], ['segment'], ['segment', 'preview'], ['key'], ['key', 'create'], ['doctor']])(
    '%s --help',
    async (...words) => {
      const { code, stdout, stderr } = await run(...words.filter((word) => word !== undefined), '--help');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('Usage: enishi');
    },
  );

  it('a wrong command line ends with 2', async () => {
    expect(await run('strat')).toMatchObject({ code: 2, stderr: expect.stringContaining("unknown command 'strat'") });
    expect(await run('key', 'create')).toMatchObject({ code: 2, stderr: expect.stringContaining('--role') });
  });

  it('a failure ends with 1 and one line that says why', async () => {
    const { code, stderr } = await enishi(['key', 'list'], { env: { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x' } }).done;
    expect(code).toBe(1);
    expect(stderr).toBe('enishi: Nothing answers at the database address: is PostgreSQL running, is DATABASE_URL right? (ECONNREFUSED)\n');
  });

  it('wrong settings are named', async () => {
    const { code, stderr } = await enishi(['migrate'], { env: { DATABASE_URL: test.url, PORT: 'web' } }).done;
    expect(code).toBe(1);
    expect(stderr).toContain('http.port (from PORT)');
  });

  it('migrate may be repeated', async () => {
    expect(await run('migrate')).toMatchObject({ code: 0, stdout: expect.stringContaining('The schema is the newest.') });
  });

  it('key create, list and revoke', async () => {
    const created = await run('key', 'create', '--role', 'source', '--name', 'web shop');
    expect(created.stdout).toMatch(/^eni_[\w-]{43}\n$/);
    const key = created.stdout.trim();
    expect(await authenticate(database, key)).toMatchObject({ role: 'source', source: 'api' });
    const listed = await run('key', 'list', '--json');
    const record = (JSON.parse(listed.stdout) as { id: string; name: string }[]).find(({ name }) => name === 'web shop');
    expect(listed.stdout).not.toContain(key);
    expect(await run('key', 'revoke', record?.id ?? '')).toMatchObject({ code: 0 });
    expect((await run('key', 'list')).stdout).toMatch(/web shop +source +api +revoked/);
    expect(await run('key', 'create', '--role', 'king')).toMatchObject({ code: 1, stderr: expect.stringContaining('"king" is none of') });
  });

  it('import stores a file once, says what did not get in, and why', async () => {
    const file = join(folder, 'sales.ndjson');
    const old = JSON.stringify({ id: 'old', member: 'M1', item: 'tea', price: 1, at: '1900-01-01T00:00:00Z' });
    await writeFile(file, [...sales(0, 600), '{"id": "broken', old, ...sales(600, 700)].join('\n'));
    const before = await storedEvents();
    const first = await run('import', 'till.lines', file);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('700 accepted, 0 duplicate, 1 quarantined, 1 rejected');
    expect((await storedEvents()) - before).toBe(700);
    const rejects = (await readFile(`${file}.rejects.ndjson`, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(rejects).toMatchObject([{ lines: [601], reason: 'not a sale', raw: '{"id": "broken' }, { lines: [602] }]);
    const second = await run('import', 'till.lines', file);
    expect(second.stdout).toContain('0 accepted, 700 duplicate');
    expect((await storedEvents()) - before).toBe(700);
  });

  it('an import stopped by Ctrl-C says how to go on, and goes on there', async () => {
    const file = join(folder, 'long.ndjson');
    await writeFile(file, sales(10_000, 40_000).join('\n'));
    const before = await storedEvents();
    const stopped = enishi(['import', 'till.lines', file], { env: { DATABASE_URL: test.url } });
    const items = 'select items from import where workspace_id = 1 and finished_at is null and items > 0';
    await expect.poll(async () => (await database.query(1, items)).length, { timeout: 20_000 }).toBe(1);
    stopped.child.kill('SIGINT');
    const { code, stdout, stderr } = await stopped.done;
    expect(code).toBe(130);
    expect(stderr).toContain('Stopping after the batches under way');
    expect(stdout).toContain(`go on with the same command: enishi import till.lines ${file}`);
    expect((await storedEvents()) - before).toBeLessThan(30_000);
    const resumed = await run('import', 'till.lines', file);
    expect(resumed.stdout).toMatch(/^went on after [\d,]+ items\n30,000 accepted, 0 duplicate/);
    expect((await storedEvents()) - before).toBe(30_000);
  }, 60_000);

  it('import names what there is when asked for what there is not', async () => {
    expect((await run('import', 'till.sales', 'x')).stderr).toContain('There is no file source "till.sales"; there is till.lines.');
    expect((await run('import', 'till.lines', join(folder, 'none'))).stderr).toContain('there is no such file');
    expect((await run('import', 'till.lines', 'x', '--option', 'strore=1')).stderr).toContain('store');
    expect((await run('import', 'till.lines', 'x', '--workspace', 'other')).stderr).toContain(
      'There is no workspace "other"; there is main.',
    );
  });

  it('segment preview counts', async () => {
    const previewed = join(folder, 'previewed.ndjson');
    await writeFile(previewed, sales(50_000, 50_005, 'preview').join('\n'));
    await run('import', 'till.lines', previewed);
    const rule = JSON.stringify({ event: 'till.sold', where: [{ property: 'item', is: 'preview' }] });
    const file = join(folder, 'rule.json');
    await writeFile(file, rule);
    const [inline, fromFile] = await Promise.all([
      run('segment', 'preview', '--rule', rule, '--sample', '2', '--json'),
      run('segment', 'preview', '--rule', file),
    ]);
    expect(JSON.parse(inline.stdout)).toMatchObject({ count: 5, sample: [expect.any(String), expect.any(String)] });
    expect(fromFile.stdout).toMatch(/^5 customers\n/);
    expect(await run('segment', 'preview', '--rule', '{"evnt":1}')).toMatchObject({ code: 1 });
  });

  it('doctor looks at everything', async () => {
    const { code, stdout } = await run('doctor', '--json');
    const findings = JSON.parse(stdout) as { about: string; state: string }[];
    expect(code).toBe(0);
    expect(findings.map(({ about }) => about)).toEqual([
      'node',
      'settings',
      'public url',
      'port',
      'disk',
      'database',
      'clock',
      'migrations',
      'role',
      'row security',
    ]);
    const broken = await enishi(['doctor'], { env: { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x' } }).done;
    expect(broken.code).toBe(1);
    expect(broken.stdout).toMatch(/FAIL {2}database +Nothing answers/);
  });
});
