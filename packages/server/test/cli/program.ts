import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const fromSource = ['--conditions=@enishi/source', '--import', import.meta.resolve('tsx')];

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly done: Promise<Finished>;
  /** Resolves with the first stdout line for which `wanted` answers true; rejects if the process ends before. */
  line(wanted: (line: string) => boolean): Promise<string>;
}

const running = new Set<ChildProcess>();

/** For `afterAll`: a test that failed half-way leaves no process behind. */
export async function endAll(): Promise<void> {
  const ended = [...running].map((child) => new Promise((done) => child.once('close', done)));
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(ended);
}

/** The real command in one process of its own, so that a signal hits the command itself. */
export function enishi(words: readonly string[], options: { env?: Record<string, string>; cwd?: string } = {}): Running {
  const { NODE_OPTIONS: _, VITEST: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [...fromSource, main, ...words], {
    cwd: options.cwd ?? fileURLToPath(new URL('../fixture', import.meta.url)),
    env: { ...inherited, LOG_LEVEL: 'warn', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
    for (const look of watchers) look();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const done = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    running.add(child);
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code, stdout, stderr });
    });
  });
  return {
    child,
    done,
    line: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = stdout.split('\n').find(wanted);
          if (found === undefined) return;
          watchers.delete(look);
          resolve(found);
        };
        watchers.add(look);
        void done.then(() => reject(new Error(`it ended first:\n${stdout}\n${stderr}`)));
        look();
      }),
  };
}
