import { isDeepStrictEqual } from 'node:util';
import {
  type Backfill,
  backfillSource,
  heldUntil,
  listBackfills,
  loadBackfill,
  type PluginWork,
  readPage,
  startBackfill,
  takeReading,
  type Workspace,
} from '@enishi/core';
import type { Installation } from '../installation.ts';
import { pluginWorkOf } from '../plugin-work.ts';
import { exitCodes } from './exit.ts';
import { type GlobalOptions, withInstallation } from './open.ts';
import { type GivenOptions, optionsOf } from './options.ts';
import { untilStopped } from './signals.ts';

interface BackfillOptions extends GlobalOptions, GivenOptions {
  readonly source: string;
}

const everyMs = 500;

/** Starts a backfill, or goes on with the one of the same options that has not ended, and reads until it has. */
export async function backfillCommand(given: BackfillOptions): Promise<number> {
  const options = await optionsOf(given);
  return withInstallation(given, async (installation, workspace) => {
    const stop = new AbortController();
    void untilStopped(() => stop.abort());
    const { database, sources } = installation;
    backfillSource(sources, given.source);
    const known = await listBackfills(database, workspace.id, { source: given.source });
    const unfinished = known.find((one) => one.status === 'READING' && isDeepStrictEqual(one.options, options));
    const begun = unfinished ?? (await startBackfill({ database, sources }, workspace.id, { source: given.source, options }));
    process.stderr.write(`${unfinished === undefined ? 'backfill' : 'going on with backfill'} ${begun.id}\n`);
    const ended = await readOn(installation, workspace, { id: begun.id, signal: stop.signal });
    console.log(summary(ended));
    if (ended.status === 'READING') console.log('stopped; a running server goes on with it, and so does the same command');
    return ended.status === 'DONE' ? exitCodes.done : ended.status === 'READING' ? exitCodes.interrupted : exitCodes.failed;
  });
}

/** Page by page, here or, where a server holds it, there. */
async function readOn(
  installation: Installation,
  workspace: Workspace,
  { id, signal }: { id: string; signal: AbortSignal },
): Promise<Backfill> {
  const { database, sources } = installation;
  const work: PluginWork = { ...pluginWorkOf(installation), now: () => new Date(), signal, onWork: () => {} };
  let pages = -1;
  for (;;) {
    const now = await loadBackfill(database, workspace.id, id);
    if (now.pages !== pages) process.stderr.write(`${now.read.toLocaleString('en')} events in ${now.pages} pages\n`);
    pages = now.pages;
    if (now.status !== 'READING' || signal.aborted) return now;
    const reading = await takeReading(database, workspace.id, { source: now.source, id, now: new Date(), until: heldUntil(work) });
    if (reading !== undefined) await readPage(work, workspace, { source: backfillSource(sources, now.source), reading });
    else {
      if (now.reason !== null) process.stderr.write(`waiting: ${now.reason}\n`);
      await pause(Math.max(everyMs, now.reason === null ? 0 : now.dueAt.getTime() - Date.now()), signal);
    }
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });

function summary({ status, accepted, duplicate, quarantined, rejected, reason }: Backfill): string {
  const number = (value: number): string => value.toLocaleString('en');
  const counts = `${number(accepted)} accepted, ${number(duplicate)} duplicate, ${number(quarantined)} quarantined, ${number(rejected)} rejected`;
  return reason === null || status === 'READING' ? counts : `${counts}\n${status === 'GIVEN_UP' ? 'given up' : 'stopped'}: ${reason}`;
}
