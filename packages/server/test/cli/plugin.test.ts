import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkspace, Database, storeCall } from '@enishi/core';
import { createTestDatabase, type TestDatabase } from '@enishi/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endAll, enishi, type Finished } from './program.ts';

const key = 'the-secret-of-the-club';
let test: TestDatabase;
let database: Database;
let folder: string;
let config: string;
beforeAll(async () => {
  test = await createTestDatabase();
  database = await Database.open({ url: test.url });
  await createWorkspace(test.url, { key: 'main', name: 'Main' });
  folder = await mkdtemp(join(tmpdir(), 'enishi-plugin-'));
  config = join(folder, 'enishi.config.ts');
  await writeFile(config, settings('Club'));
});
afterAll(async () => {
  await endAll();
  await database.close();
  await test.stop();
  await rm(folder, { recursive: true });
});

const settings = (name: string): string => `import { club } from ${JSON.stringify(new URL('../fixture/club.ts', import.meta.url).href)};
  export default { plugins: [club()({ key: '${key}' })], workspaces: [{ key: 'main', name: '${name}' }], http: { host: '127.0.0.1', port: 0 } };`;

const env = (): Record<string, string> => ({ DATABASE_URL: test.url, ENISHI_SECRET_KEY: 'a key of at least 32 characters!' });
const run = (...words: string[]): Promise<Finished> => enishi(['--config', config, ...words], { env: env() }).done;

describe('enishi plugin', () => {
  it('lists what each plugin is and brings, in the language asked for', async () => {
    const { code, stdout } = await run('plugin', '--language', 'ja');
    expect(code).toBe(0);
    expect(stdout).toContain('club (クラブ, SDK');
    expect(stdout).toContain('hosts: vendor.example');
    expect(stdout).toContain('club.joins: webhook; Joins.');
    expect(stdout).toContain('club.greet: Says hello.');
    expect(stdout).not.toContain(key);
  });

  it('runs a command of a plugin with its options', async () => {
    const { code, stdout } = await run('plugin', 'club', 'greet', '--option', 'to=Hanako', '--option', 'times=2');
    expect({ code, lines: stdout.trim().split('\n') }).toMatchObject({ code: 0, lines: { length: 2 } });
    expect(stdout).toContain('Hello Hanako of main');
    const rows = await database.query<{ value: unknown }>(1, 'select * from plugin_state where workspace_id = 1');
    expect(rows).toMatchObject([{ plugin: 'club', key: 'greeted', value: null }]);
  });

  it('says what is wrong with the options, the command or the work', async () => {
    expect(await run('plugin', 'club', 'greet')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no options of club.greet: to:'),
    });
    expect(await run('plugin', 'club', 'sing')).toMatchObject({ code: 1, stderr: expect.stringContaining('there is club.greet') });
    expect(await run('plugin', 'till')).toMatchObject({ code: 1, stderr: expect.stringContaining('there is club') });
    const nobody = await run('plugin', 'club', 'greet', '--option', 'to=nobody');
    expect(nobody).toMatchObject({ code: 1, stderr: 'enishi: there is nobody to greet\n' });
  });

  it('takes away what one that is gone has computed, but not of one that would bring it back', async () => {
    await database.query(
      1,
      `with declared as (
         insert into computed_trait (workspace_id, name, computation, status, since) values (1, 'gone.orders', '{"event": "shop.ordered", "count": true}', 'LIVE', 1)
       ) update change_counter set rules_version = 1 where workspace_id = 1`,
    );
    expect(await run('plugin', 'gone', '--withdraw')).toMatchObject({ code: 0, stdout: 'Nobody in main has gone.orders any more.\n' });
    expect(await database.query(1, 'select name from computed_trait where workspace_id = 1')).toEqual([]);
    expect(await run('plugin', 'gone', '--withdraw')).toMatchObject({ code: 0, stdout: 'Nothing in main is computed by "gone".\n' });
    expect(await run('plugin', 'club', '--withdraw')).toMatchObject({ code: 1, stderr: expect.stringContaining('take it out first') });
    expect(await run('plugin', '--withdraw')).toMatchObject({ code: 1, stderr: expect.stringContaining('Name the plugin') });
  });

  it('an installation that keeps secrets does not start without its key', async () => {
    const { code, stderr } = await enishi(['--config', config, 'plugin', 'club', 'greet', '--option', 'to=x'], {
      env: { DATABASE_URL: test.url },
    }).done;
    expect(code).toBe(1);
    expect(stderr).toContain('set ENISHI_SECRET_KEY');
  });
});

describe('enishi backfill', () => {
  it('reads to the end and says what came of it', async () => {
    const { code, stdout, stderr } = await run('backfill', 'club.past', '--option', 'of=hanako');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '3 accepted, 0 duplicate, 0 quarantined, 0 rejected\n' });
    expect(stderr).toContain('3 events in 3 pages');
    expect((await run('backfill', 'club.past', '--option', 'of=hanako')).stdout).toContain('0 accepted, 3 duplicate');
  });

  it('names a wrong source and wrong options', async () => {
    expect(await run('backfill', 'club.joins')).toMatchObject({ code: 1, stderr: expect.stringContaining('no source "club.joins"') });
    expect(await run('backfill', 'club.past', '--option', 'of=7')).toMatchObject({ code: 1, stderr: expect.stringContaining('of:') });
  });
});

it('enishi doctor tells of calls that were given up', async () => {
  const request = { method: 'POST', path: '/', query: {}, headers: {}, body: Buffer.from('{}') };
  await storeCall(database, 1, { source: 'club.later', request, now: new Date(), givenUp: 'the club is closed' });
  const { stdout } = await run('doctor');
  expect(stdout).toContain('warn  source        club.later in main: calls, 0 waiting, 1 given up; the club is closed');
});

it('enishi dev starts again when the settings change, and ends with its server', async () => {
  const dev = enishi(['--config', config, 'dev'], { env: { ...env(), LOG_LEVEL: 'info' } });
  const listening = (seen: readonly string[]) => (line: string) => line.includes('"msg":"listening"') && !seen.includes(line);
  const first = await dev.line(listening([]));
  await writeFile(config, (await readFile(config, 'utf8')).replace("name: 'Club'", "name: 'The club'"));
  await dev.line(listening([first]));
  dev.child.kill('SIGTERM');
  const { code, stderr } = await dev.done;
  expect(code).toBe(0);
  expect(stderr).toMatch(/enishi dev: .*enishi\.config\.ts has changed; starting again/);
});
