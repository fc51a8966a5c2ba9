import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

interface Report {
  diagnostics: { category: string; location: { path: string | { file: string } } }[];
}

/** Lints files that exist only in a temporary tree, by the project's own biome.json. */
function lint(files: Record<string, string>): string[] {
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
    const run = spawnSync(process.execPath, [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'lint', '--reporter=json', '.'], {
      cwd: tree,
      encoding: 'utf8',
    });
    const { diagnostics } = JSON.parse(run.stdout) as Report;
    const found = diagnostics.filter(({ category }) => category.startsWith('lint/'));
    expect(run.status, 'the exit code fails the build').toBe(found.length > 0 ? 1 : 0);
    return found.map(({ category }) => category.split('/').at(-1) ?? category);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

const importing = (name: string): string => `import * as it from '${name}';\nexport const used = it;\n`;

it.each([
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
  ['the line imports a leaf', 'packages/core/src/line/line.ts', '../read/read.ts'],
])('refuses it when %s', (_, path, name) => {
  expect(lint({ [path]: importing(name) })).toContain('noRestrictedImports');
});

it.each([
  ['a plugin', 'plugins/pos/src/index.ts', '@enishi/plugin-sdk'],
  ['core', 'packages/core/src/errors.ts', '@enishi/plugin-sdk'],
  ['the line', 'packages/core/src/line/line.ts', '../identity/resolve.ts'],
  ['a room', 'packages/core/src/identity/store.ts', '../db/database.ts'],
  ['the API', 'packages/api/src/index.ts', '@enishi/core'],
  ['a test', 'plugins/pos/test/pos.test.ts', '@enishi/testkit'],
])('lets %s import what lies under it', (_, path, name) => {
  expect(lint({ [path]: importing(name) })).not.toContain('noRestrictedImports');
});

it.each([
  ['noExcessiveLinesPerFile', Array.from({ length: 301 }, (_, n) => `export const a${n} = ${n};`).join('\n')],
  ['useMaxParams', 'export const f = (a: number, b: number, c: number, d: number): number => a + b + c + d;\n'],
  ['noExplicitAny', 'export const f = (a: any): unknown => a;\n'],
  ['noNonNullAssertion', 'export const f = (a?: { b: string }): string => a!.b;\n'],
  ['noDefaultExport', 'const a = 1;\nexport default a;\n'],
  ['useExhaustiveSwitchCases', "export function f(a: 'x' | 'y'): void {\n  switch (a) {\n    case 'x':\n      return;\n  }\n}\n"],
  ['noFloatingPromises', 'const f = async (): Promise<void> => {};\nexport const g = (): void => {\n  f();\n};\n'],
  ['noUndeclaredDependencies', importing('left-pad')],
])('holds up %s', (rule, text) => {
  expect(lint({ 'packages/core/src/errors.ts': text })).toContain(rule);
});

it('refuses a focused and a skipped test', () => {
  expect(lint({ 'packages/core/test/a.test.ts': "import { it } from 'vitest';\nit.only('a', () => {});\n" })).toContain('noFocusedTests');
  expect(lint({ 'packages/core/test/a.test.ts': "import { it } from 'vitest';\nit.skip('a', () => {});\n" })).toContain('noSkippedTests');
});
