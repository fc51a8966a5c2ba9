import { resolve } from 'node:path';
import { type ImportReport, importFile } from '@enishi/core';
import type { FileSource, Source } from '@enishi/plugin-sdk';
import { exitCodes } from './exit.ts';
import { type GlobalOptions, withInstallation } from './open.ts';
import { type GivenOptions, optionsOf } from './options.ts';
import { progressOn } from './progress.ts';
import { untilStopped } from './signals.ts';

interface ImportOptions extends GlobalOptions, GivenOptions {
  readonly source: string;
  readonly file: string;
  readonly rejects?: string;
}

export async function importCommand(given: ImportOptions): Promise<number> {
  const options = await optionsOf(given);
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
