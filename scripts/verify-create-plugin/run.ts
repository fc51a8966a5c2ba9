import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Runs a command in a folder and answers what it prints; throws all of it where it fails. */
export type Run = (command: string, words: readonly string[], folder: string) => Promise<string>;

export function runner(env: NodeJS.ProcessEnv): Run {
  return (command, words, cwd) =>
    new Promise((resolve, reject) => {
      execFile(command, [...words], { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
        if (error) reject(new Error(`${command} ${words.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error }));
        else resolve(stdout);
      });
    });
}

/**
 * What a partner's shell has: this Node, npm, and nothing of this repository. npm puts the repository's tools on the path of
 * its scripts; a plugin that forgot to ask for one would find it there.
 */
export function partnersShell(work: string, root: string, settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const bin = join(work, 'bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(process.execPath, join(bin, 'node'));
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(root) && !folder.includes('node_modules'));
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle)_|^NODE_OPTIONS$|^INIT_CWD$/.test(name));
  return { ...Object.fromEntries(kept), ...settings, PATH: [bin, ...path].join(delimiter), CI: 'true', NO_COLOR: '1' };
}
