import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

interface Report {
  diagnostics: { category: string; location: { path: string | { file: string } } }[];
}

/** Lints files that exist only in a temporary tree, by the project's own biome.json. Answers the broken rules by file. */
function lint(files: Record<string, string>): Map<string, string[]> {
  const tree = mkdtempSync(join(tmpdir(), 'enishi-lint-'));
  try {
    const config: object = { ...JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8')), vcs: { enabled: false } };
    const packages = { dependencies: { graphql: '*', '@mikro-orm/core': '*', zod: '*', pg: '*', fastify: '*', '@enishi/core': '*' } };
    for (const [path, text] of Object.entries({
      ...files,
      'biome.json': JSON.stringify(config),
      'package.json': JSON.stringify(packages),
    })) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    const command = [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'lint', '--reporter=json', '--max-diagnostics=none', '.'];
    const run = spawnSync(process.execPath, command, { cwd: tree, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(run.stdout) as Report;
    const broken = new Map<string, string[]>(Object.keys(files).map((path) => [path, []]));
    for (const { category, location } of diagnostics) {
      const path = typeof location.path === 'string' ? location.path : location.path.file;
      broken.get(path)?.push(category.split('/').at(-1) ?? category);
    }
    expect(run.status, 'a broken rule fails the build').toBe([...broken.values()].some((rules) => rules.length > 0) ? 1 : 0);
    return broken;
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

const importing = (name: string): string => `import * as it from '${name}';\nexport const used = it;\n`;

const forbidden = [
  ['a plugin imports core', 'plugins/pos/src/index.ts', '@enishi/core'],
  ['a plugin imports the ORM', 'plugins/pos/src/index.ts', '@mikro-orm/core'],
  ['the contract imports core', 'packages/plugin-sdk/src/index.ts', '@enishi/core'],
  ['core knows GraphQL', 'packages/core/src/line/line.ts', 'graphql'],
  ['core knows type-graphql', 'packages/core/src/errors.ts', 'type-graphql'],
  ['core knows HTTP', 'packages/core/src/read/read.ts', 'fastify'],
  ['core imports the API above it', 'packages/core/src/errors.ts', '@enishi/api'],
  ['the API writes past core', 'packages/api/src/index.ts', '@mikro-orm/core'],
  ['the API imports the server', 'packages/api/src/index.ts', '@enishi/server'],
  ['production code imports the test kit', 'packages/server/src/index.ts', '@enishi/testkit'],
  ['a package reaches into another', 'packages/api/src/index.ts', '../../core/src/db/database.ts'],
  ['identity imports the room of customers', 'packages/core/src/identity/resolve.ts', '../customer/customer.ts'],
  ['customer imports the line', 'packages/core/src/customer/customer.ts', '../line/line.ts'],
  ['rules touch the database', 'packages/core/src/rule/compile.ts', '../db/sql.ts'],
  ['the line imports a leaf', 'packages/core/src/line/line.ts', '../read/read.ts'],
] as const;

const allowed = [
  ['a plugin', 'plugins/pos/src/index.ts', '@enishi/plugin-sdk'],
  ['core', 'packages/core/src/errors.ts', '@enishi/plugin-sdk'],
  ['the line', 'packages/core/src/line/line.ts', '../identity/resolve.ts'],
  ['a room', 'packages/core/src/identity/store.ts', '../db/database.ts'],
  ['the API', 'packages/api/src/index.ts', '@enishi/core'],
  ['a test', 'plugins/pos/test/pos.test.ts', '@enishi/testkit'],
] as const;

const rules = [
  ['noExcessiveLinesPerFile', Array.from({ length: 301 }, (_, n) => `export const a${n} = ${n};`).join('\n')],
  ['useMaxParams', 'export const f = (a: number, b: number, c: number, d: number): number => a + b + c + d;\n'],
  ['noExplicitAny', 'export const f = (a: any): unknown => a;\n'],
  ['noNonNullAssertion', 'export const f = (a?: { b: string }): string => a!.b;\n'],
  ['noDefaultExport', 'const a = 1;\nexport default a;\n'],
  ['useExhaustiveSwitchCases', "export function f(a: 'x' | 'y'): void {\n  switch (a) {\n    case 'x':\n      return;\n  }\n}\n"],
  ['noFloatingPromises', 'const f = async (): Promise<void> => {};\nexport const g = (): void => {\n  f();\n};\n'],
  ['noUndeclaredDependencies', importing('left-pad')],
] as const;

/** A file of its own in the same folder for each case. */
const named = (path: string, n: number): string => path.replace(/[^/]+$/, `case-${n}${path.endsWith('.test.ts') ? '.test' : ''}.ts`);

it('refuses imports against the direction of the layers, and only those', () => {
  const files = [...forbidden, ...allowed].map(([what, path, name], n) => ({ what, path: named(path, n), text: importing(name) }));
  const broken = lint(Object.fromEntries(files.map(({ path, text }) => [path, text])));
  const refused = files.filter(({ path }) => broken.get(path)?.includes('noRestrictedImports'));
  expect(refused.map(({ what }) => what)).toEqual(forbidden.map(([what]) => what));
});

it('holds up the house rules that a linter can see', () => {
  const files = rules.map(([rule, text], n) => ({ rule, path: `packages/core/src/case-${n}.ts`, text }));
  const broken = lint(Object.fromEntries(files.map(({ path, text }) => [path, text])));
  for (const { rule, path } of files) expect(broken.get(path), rule).toContain(rule);
});

it('refuses a focused and a skipped test', () => {
  const broken = lint({
    'packages/core/test/a.test.ts': "import { it } from 'vitest';\nit.only('a', () => {});\n",
    'packages/core/test/b.test.ts': "import { it } from 'vitest';\nit.skip('a', () => {});\n",
  });
  expect(Object.fromEntries(broken)).toMatchObject({
    'packages/core/test/a.test.ts': ['noFocusedTests'],
    'packages/core/test/b.test.ts': ['noSkippedTests'],
  });
});

it('has nothing to say about a clean file', () => {
  expect([...lint({ 'packages/core/src/errors.ts': 'export const answer = 42;\n' }).values()]).toEqual([[]]);
});
