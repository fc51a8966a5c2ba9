import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, type FSWatcher, readdirSync, watch } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../config/load.ts';
import { exitCodes } from './exit.ts';
import type { GlobalOptions } from './open.ts';
import { untilStopped } from './signals.ts';

const main = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './main.js', import.meta.url));
/** Editors write a file in several steps. */
const settleMs = 200;
const ignored = /(?:^|[\\/])(?:node_modules|\.git|\.enishi|dist|coverage)(?:[\\/]|$)/;
const watched = /\.(?:[cm]?[jt]sx?|json|mjml|svg|html)$/;

/**
 * Runs the server in a process of its own and starts it again when the settings or a source of a plugin beside them change. A
 * restart and not a swap of modules: types and tables of two versions must not meet in one process.
 */
export async function devCommand(options: GlobalOptions & { readonly port?: number; readonly watch?: readonly string[] }): Promise<number> {
  const file = options.config === undefined ? await settingsFile() : resolve(options.config);
  const folders = [
    ...new Set([file === undefined ? process.cwd() : dirname(file), ...(options.watch ?? []).map((folder) => resolve(folder))]),
  ];
  const words = [
    ...(file === undefined ? [] : ['--config', file]),
    'start',
    ...(options.port === undefined ? [] : ['--port', String(options.port)]),
  ];
  const server = new Restarted(words);
  const watchers = folders.flatMap((folder) => watchFolder(folder, (changed) => void server.restart(relative(process.cwd(), changed))));
  say(`watching ${folders.map((folder) => relative(process.cwd(), folder) || '.').join(', ')}`);
  server.start();
  const signal = await untilStopped(() => say('stopping'));
  for (const watcher of watchers) watcher.close();
  // The terminal sends Ctrl-C to both, and a second signal would end the server at once.
  await server.stop(signal === 'SIGINT' && process.stdin.isTTY);
  return exitCodes.done;
}

const say = (sentence: string): void => void process.stderr.write(`enishi dev: ${sentence}\n`);

/** A file that cannot be read now may be mended in a moment, so its faults are the server's to tell. */
async function settingsFile(): Promise<string | undefined> {
  try {
    return (await loadConfig()).file;
  } catch {
    return ['enishi.config.ts', 'enishi.config.mts', 'enishi.config.js', 'enishi.config.mjs'].map((name) => resolve(name)).find(existsSync);
  }
}

/** The folder and those in it but dependencies: each folder watched costs the system a handle, and they have thousands. */
function watchFolder(folder: string, onChange: (path: string) => void): FSWatcher[] {
  let settling: NodeJS.Timeout | undefined;
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !ignored.test(entry.name));
  return ['.', ...inner.map(({ name }) => name)].map((part) => {
    const watcher = watch(resolve(folder, part), { recursive: part !== '.' }, (_event, name) => {
      if (name === null || ignored.test(name) || !watched.test(name)) return;
      clearTimeout(settling);
      settling = setTimeout(() => onChange(resolve(folder, part, name)), settleMs);
    });
    watcher.on('error', (error) => say(`${resolve(folder, part)} cannot be watched: ${error.message}`));
    watcher.on('close', () => clearTimeout(settling));
    return watcher;
  });
}

/** One server at a time. */
class Restarted {
  readonly #words: readonly string[];
  #child: ChildProcess | undefined;
  #again: string | undefined;
  #stopped = false;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  start(): void {
    const child = spawn(process.execPath, [...process.execArgv, main, ...this.#words], { stdio: 'inherit', env: process.env });
    this.#child = child;
    child.once('error', (error) => say(`the server cannot be started: ${error.message}`));
    child.once('close', (code) => {
      this.#child = undefined;
      if (this.#stopped) return;
      const changed = this.#again;
      this.#again = undefined;
      if (changed === undefined) say(`the server ended with ${code}; it is started again at the next change`);
      else this.start();
    });
  }

  restart(changed: string): void {
    if (this.#again !== undefined) return;
    say(`${changed} has changed; starting again`);
    if (this.#child === undefined) {
      this.start();
      return;
    }
    this.#again = changed;
    this.#child.kill('SIGTERM');
  }

  async stop(told: boolean): Promise<void> {
    this.#stopped = true;
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise((done) => child.once('close', done));
    if (!told) child.kill('SIGTERM');
    await ended;
  }
}
