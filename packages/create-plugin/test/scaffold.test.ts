import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { kinds, scaffold } from '@enishi/create-plugin';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const root = new URL('../../../package.json', import.meta.url);

async function emptyFolder(): Promise<{ path: string; [Symbol.asyncDispose]: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'create-plugin-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

const command = (folder: string, ...words: string[]) => run(process.execPath, [main, ...words], { cwd: folder });

it.each(kinds)('makes a %s with tests, READMEs and CI, named throughout', async (kind) => {
  await using folder = await emptyFolder();
  const files = await scaffold({ name: 'acme-shop', kind, folder: folder.path });
  expect(files).toEqual(expect.arrayContaining(['.gitignore', '.github/workflows/ci.yml', 'README.ja.md', 'README.md', 'src/index.ts']));
  expect(files.some((file) => file === 'src/orders.ts')).toBe(kind !== 'destination');
  expect(files.some((file) => file === 'src/messages.ts')).toBe(kind !== 'source');
  const texts = await Promise.all(files.map((file) => readFile(join(folder.path, file), 'utf8')));
  expect(texts.filter((text) => /acmePlugin|acme-shopShop|\bacme[._](?!shop)|0\.0\.0-enishi/.test(text))).toEqual([]);
  expect(texts[files.indexOf('src/index.ts')]).toContain('export const acmeShopPlugin = definePlugin');
});

it.each(kinds)('writes a %s without a cast or a generic argument', async (kind) => {
  await using folder = await emptyFolder();
  const files = await scaffold({ name: 'shop', kind, folder: folder.path });
  for (const file of files.filter((name) => name.startsWith('src/'))) {
    const text = await readFile(join(folder.path, file), 'utf8');
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'|"[^"\n]*"/g, '');
    expect(code).toContain('import');
    expect(code).not.toMatch(/\bas (?!const\b)|\w<[^>]+>\(|\bany\b/);
  }
});

it('asks for the tools that the repository itself is made with', async () => {
  await using folder = await emptyFolder();
  await scaffold({ name: 'shop', kind: 'both', folder: folder.path });
  const [made, ours] = await Promise.all(
    [join(folder.path, 'package.json'), root].map(async (path) => JSON.parse(await readFile(path, 'utf8'))),
  );
  for (const tool of ['typescript', 'vitest', '@types/node']) expect(made.devDependencies[tool]).toBe(ours.devDependencies[tool]);
});

it('does what the command line says, and asks nothing where nobody is there', async () => {
  await using folder = await emptyFolder();
  const { stdout } = await command(folder.path, '--name', 'shop', '--kind', 'source');
  expect(stdout).toMatch(/cd enishi-plugin-shop\n {2}npm install\n {2}npm test/);
  expect(await readdir(join(folder.path, 'enishi-plugin-shop'))).toContain('package.json');
  expect((await command(folder.path, '--help')).stdout).toContain('--kind KIND');
});

it.each([
  [['--name', 'Shop'], 'Write 2 to 40 lower-case letters'],
  [['--name', 'enishi'], "the house's own word"],
  [['--name', 'shop', '--kind', 'sink'], '--kind is one of source, destination, both.'],
  [['one', 'two'], 'One folder at most'],
  [['--sink'], "Unknown option '--sink'"],
  [[], 'Nobody is there to answer: give --name'],
])('refuses %j with a sentence', async (words, sentence) => {
  await using folder = await emptyFolder();
  await expect(command(folder.path, ...words)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(sentence) });
  expect(await readdir(folder.path)).toEqual([]);
});

it('leaves a folder alone that has something in it', async () => {
  await using folder = await emptyFolder();
  await writeFile(join(folder.path, 'mine.txt'), 'mine');
  await expect(scaffold({ name: 'shop', kind: 'both', folder: folder.path })).rejects.toThrow(/is not empty/);
  await expect(scaffold({ name: 'shop', kind: 'both', folder: join(folder.path, 'mine.txt') })).rejects.toThrow(/is not a folder/);
  expect(await readdir(folder.path)).toEqual(['mine.txt']);
});
