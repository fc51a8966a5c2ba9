import { readFile } from 'node:fs/promises';
import { previewRule } from '@enishi/core';
import { exitCodes } from './exit.ts';
import { type GlobalOptions, withInstallation } from './open.ts';

interface PreviewOptions extends GlobalOptions {
  readonly rule: string;
  readonly sample: number;
  readonly json?: boolean;
}

export async function previewCommand(options: PreviewOptions): Promise<number> {
  const rule = await ruleOf(options.rule);
  return withInstallation(options, async ({ database }, workspace) => {
    const { count, sample } = await previewRule(database, workspace.id, { rule, sample: options.sample });
    console.log(options.json ? JSON.stringify({ count, sample }) : [`${count} customers`, ...sample.map((id) => `  ${id}`)].join('\n'));
    return exitCodes.done;
  });
}

async function ruleOf(given: string): Promise<unknown> {
  const inline = given.trimStart().startsWith('{');
  const text = inline ? given : await readFile(given, 'utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`${inline ? 'The rule' : given} is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
}
