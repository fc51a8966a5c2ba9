// npm run bench -- NAME [options]: installs the peers once, builds the packages as they are published, then runs one benchmark on them.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const names = readdirSync(join(here, 'src'))
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''));
const [name, ...rest] = process.argv.slice(2);
if (name === undefined || name === '--help' || !names.includes(name)) {
  process.stdout.write(
    `Usage: npm run bench -- NAME\n\nNames: ${names.join(', ')}\nEach ends with one line of JSON: bench, metric, value, baseline, ratio, target, pass.\n`,
  );
  process.exit(name === undefined || name === '--help' ? 0 : 2);
}
const run = (command, args, options = {}) => spawnSync(command, args, { stdio: 'inherit', cwd: here, ...options }).status ?? 1;
if (!existsSync(join(here, 'node_modules', 'pg-copy-streams'))) {
  process.stderr.write('Installing the peers the benchmarks compare with (once)...\n');
  const status = run('npm', ['ci', '--no-audit', '--no-fund'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(status);
}
process.stderr.write('Building the packages...\n');
const built = run('npm', ['run', '--silent', 'build'], { cwd: dirname(here), stdio: ['ignore', 'ignore', 'inherit'] });
if (built !== 0) process.exit(built);
process.exit(
  run(process.execPath, ['--max-semi-space-size=64', '--expose-gc', join(here, 'src', `${name}.bench.ts`), ...rest], {
    env: { ...process.env, NODE_ENV: 'production' },
  }),
);
