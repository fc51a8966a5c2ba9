#!/usr/bin/env node
import { spawn } from 'node:child_process';
// Runs the built command where there is one, and the sources (through tsx) in a checkout.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = new URL('../dist/cli/main.js', import.meta.url);
const source = new URL('../src/cli/main.ts', import.meta.url);

if (existsSync(built) && !process.execArgv.includes('--conditions=@enishi/source')) {
  await import(built.href);
} else {
  const tsx = import.meta.resolve('tsx');
  const words = ['--conditions=@enishi/source', '--import', tsx, fileURLToPath(source), ...process.argv.slice(2)];
  // tsx looks for it upwards from where the command is called; the GraphQL classes need its decorators wherever that is.
  const env = { TSX_TSCONFIG_PATH: fileURLToPath(new URL('../../../tsconfig.json', import.meta.url)), ...process.env };
  const child = spawn(process.execPath, words, { stdio: 'inherit', env });
  // The terminal sends Ctrl-C to both; a signal to this process alone is handed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1);
  });
}
