// Makes a plugin of each kind the way a partner does: `npm create @enishi/plugin`, `npm install`, type check, tests, build.
// Then follows docs/write-a-plugin.md in the last one. The packages come packed from a registry on this machine, everything
// else from npm's. `--built` leaves out the build.
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { followGuide } from './verify-create-plugin/guide.ts';
import { pack } from './verify-create-plugin/packed.ts';
import { serve } from './verify-create-plugin/registry.ts';
import { partnersShell, runner } from './verify-create-plugin/run.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'enishi-create-'));

async function step<TResult>(what: string, act: () => Promise<TResult>): Promise<TResult> {
  const began = Date.now();
  const result = await act();
  console.log(`${what}: ok in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return result;
}

try {
  const here = runner(process.env);
  if (!process.argv.includes('--built')) await step('build', () => here('npm', ['run', 'build'], root));
  const packages = await step('pack', () => pack(root, work, here));
  const registry = await serve(packages);
  const settings = { 'npm_config_@enishi:registry': registry.url, npm_config_audit: 'false', npm_config_fund: 'false' };
  const shell = partnersShell(work, root, settings);
  const partner = runner(shell);
  // `npm create` keeps what it has run once by its version: a cache of its own forgets the last run's.
  const creating = runner({ ...shell, npm_config_cache: join(work, 'cache') });
  try {
    let before: string | undefined;
    for (const kind of ['source', 'destination', 'both']) {
      const folder = join(work, kind);
      const create = ['create', '--yes', '@enishi/plugin@latest', kind, '--', '--name', `my-${kind}`, '--kind', kind, '--yes'];
      await step(`${kind}: npm create @enishi/plugin`, () => creating('npm', create, work));
      // Each asks for the same, so npm only has to look over what it unpacked for the one before.
      if (before !== undefined) renameSync(join(before, 'node_modules'), join(folder, 'node_modules'));
      before = folder;
      await step(`${kind}: npm install`, () => partner('npm', ['install', '--prefer-offline'], folder));
      for (const script of ['typecheck', 'test', 'build'])
        await step(`${kind}: npm run ${script}`, () => partner('npm', ['run', script], folder));
    }
    const files = followGuide(root, join(work, 'both'));
    for (const script of ['typecheck', 'test'])
      await step(`docs/write-a-plugin.md, ${files.length} files: npm run ${script}`, () =>
        partner('npm', ['run', script], join(work, 'both')),
      );
  } finally {
    await registry.stop();
  }
  console.log('every kind of plugin passes as it is made');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
