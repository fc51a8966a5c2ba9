// Writes what the project promises to others into schema/, or with --check says what would change and fails.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { printApiSchema } from '@enishi/api';
import { reportOf } from './api-report.ts';

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, { readonly types: string }>>;
}

const root = resolve(import.meta.dirname, '..');

function pluginContract(): string {
  const folder = mkdtempSync(join(tmpdir(), 'enishi-declarations-'));
  try {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const project = join(root, 'packages/plugin-sdk/tsconfig.build.json');
    const flags = ['--outDir', folder, '--tsBuildInfoFile', join(folder, '.tsbuildinfo'), '--emitDeclarationOnly'];
    const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', project, ...flags], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stdout);
    const manifest = JSON.parse(readFileSync(join(root, 'packages/plugin-sdk/package.json'), 'utf8')) as Manifest;
    const doors = Object.entries(manifest.exports).map(([door, { types }]) => [
      join(manifest.name, door),
      join(folder, relative('dist', types)),
    ]);
    const intro =
      'What plugins may build on, made by `npm run schema` from the declarations. What it says is documented in `packages/plugin-sdk/src`.';
    return `# The plugin contract\n\n${intro}\n\n${reportOf(Object.fromEntries(doors))}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const wanted: Readonly<Record<string, string>> = {
  'schema/plugin-sdk.api.md': pluginContract(),
  'schema/schema.graphql': printApiSchema(),
};

const check = process.argv.includes('--check');
for (const [path, text] of Object.entries(wanted)) {
  const file = join(root, path);
  const known = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (known === text) continue;
  if (!check) {
    writeFileSync(file, text);
    console.log(`wrote ${path}`);
    continue;
  }
  process.exitCode = 1;
  console.error(`${path} is not what the sources say. If the change is meant, run: npm run schema\n${difference(known, text)}`);
}

function difference(known: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'enishi-difference-'));
  try {
    writeFileSync(join(folder, 'committed'), known);
    writeFileSync(join(folder, 'sources'), text);
    return spawnSync('git', ['diff', '--no-index', '--unified=2', 'committed', 'sources'], { cwd: folder, encoding: 'utf8' }).stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
