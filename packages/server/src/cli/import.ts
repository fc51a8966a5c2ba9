import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ImportReport, importFile } from '@enishi/core';
import type { FileSource, Source } from '@enishi/plugin-sdk';
import { exitCodes } from './exit.ts';
import { type GlobalOptions, withInstallation } from './open.ts';
import { progressOn } from './progress.ts';
import { untilStopped } from './signals.ts';

interface ImportOptions extends GlobalOptions {
  readonly source: string;
  readonly file: string;
  readonly option?: readonly string[];
  readonly options?: string;
  readonly rejects?: string;
}

/** Its own options are named like the global ones of the file source, so they are gathered here: the file first, then each `--option`. */
export async function importCommand(given: ImportOptions): Promise<number> {
  const options = { ...(given.options === undefined ? {} : await readOptions(given.options)), ...pairs(given.option ?? []) };
  return withInstallation(given, async ({ database, line, sources }, workspace) => {
    const file = fileSource(sources, given.source);
    const stop = new AbortController();
    const progress = progressOn(process.stderr);
    void untilStopped(() => {
      progress.say('Stopping after the batches under way; once more ends at once.');
      stop.abort();
    });
    const report = await importFile({
      database,
      line,
      workspace,
      source: given.source,
      file,
      options,
      path: resolve(given.file),
      signal: stop.signal,
      onProgress: progress.show,
      ...(given.rejects === undefined ? {} : { rejectsPath: given.rejects }),
    }).finally(progress.end);
    console.log(summary(report, given));
    return report.finished ? exitCodes.done : exitCodes.interrupted;
  });
}

function fileSource(sources: ReadonlyMap<string, Source>, key: string): FileSource {
  const source = sources.get(key);
  if (source?.kind === 'file') return source;
  const known = [...sources].flatMap(([name, { kind }]) => (kind === 'file' ? [name] : []));
  const there = known.length === 0 ? 'no plugin of enishi.config.ts has one' : `there is ${known.join(', ')}`;
  throw new Error(`There is no file source "${key}"; ${there}.`);
}

async function readOptions(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, 'utf8');
  try {
    const options: unknown = JSON.parse(text);
    if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${path} is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
  throw new Error(`${path} must hold a JSON object.`);
}

const pairs = (words: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(
    words.map((word) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
      if (name === undefined || value === undefined) throw new Error(`--option ${word}: write it as key=value.`);
      return [name, settingOf(value)];
    }),
  );

/** `true`, numbers, objects and lists are what they look like; quote a text that looks like one: `--option store='"001"'`. */
function settingOf(text: string): unknown {
  if (!/^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?|".*"|[[{].*)$/s.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function summary(report: ImportReport, { source, file }: ImportOptions): string {
  const { accepted, duplicate, quarantined, rejected, rate, seconds, rejectsPath, finished, resumedAt } = report;
  const number = (value: number): string => Math.round(value).toLocaleString('en');
  const lines = [
    ...(resumedAt > 0 ? [`went on after ${number(resumedAt)} items`] : []),
    `${number(accepted)} accepted, ${number(duplicate)} duplicate, ${number(quarantined)} quarantined, ${number(rejected)} rejected`,
    `${seconds.toFixed(1)} s, ${number(rate)} items/s`,
    ...Object.entries(report.reasons)
      .sort(([, a], [, b]) => b - a)
      .slice(0, 5)
      .map(([reason, count]) => `  ${number(count)} × ${reason}`),
    ...(rejectsPath === undefined ? [] : [`what did not get in is in ${rejectsPath}`]),
    ...(finished ? [] : [`stopped; go on with the same command: enishi import ${source} ${file}`]),
  ];
  return lines.join('\n');
}
