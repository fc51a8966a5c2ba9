import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { checkDatabase } from './doctor/database.ts';
import { type Finding, fail, ok } from './doctor/finding.ts';
import { checkDisk, checkNode, checkPort, checkPublicUrl } from './doctor/machine.ts';
import { checkPlugins } from './doctor/plugins.ts';
import { exitCodes, sentenceOf } from './exit.ts';
import { commandLogger, type GlobalOptions } from './open.ts';

const marks = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

export async function doctorCommand(options: GlobalOptions & { readonly json?: boolean }): Promise<number> {
  const findings: Finding[] = [];
  for await (const finding of examine(options)) {
    findings.push(finding);
    if (options.json) continue;
    console.log(`${marks[finding.state]}  ${finding.about.padEnd(12)}  ${finding.found}`);
    if (finding.advice !== undefined) console.log(`${' '.repeat(20)}→ ${finding.advice}`);
  }
  if (options.json) console.log(JSON.stringify(findings, undefined, 2));
  return findings.some(({ state }) => state === 'fail') ? exitCodes.failed : exitCodes.done;
}

async function* examine(options: GlobalOptions): AsyncGenerator<Finding> {
  yield checkNode(process.versions.node);
  let config: Config;
  try {
    const loaded = await loadConfig(options.config);
    config = loaded.config;
    yield ok('settings', `${loaded.file ?? 'no enishi.config.ts: defaults and environment'}; plugins: ${names(config)}`);
  } catch (error) {
    yield fail('settings', sentenceOf(error), 'Mend the settings named here.');
    return;
  }
  yield checkPublicUrl(config);
  yield await checkPort(config);
  yield await checkDisk(config);
  const logger = await commandLogger();
  yield* checkDatabase(config, logger);
  yield* checkPlugins(config, logger);
}

const names = ({ plugins }: Config): string => plugins.map(({ name }) => name).join(', ') || 'none';
