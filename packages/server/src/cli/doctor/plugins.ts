import { Registry, type SourceHealth, sourceHealth } from '@enishi/core';
import type { Desk, Destination } from '@enishi/plugin-sdk';
import type { Config } from '../../config/config.ts';
import type { Logger } from '../../http/log.ts';
import { type Installation, openInstallation } from '../../installation.ts';
import { assembleParts } from '../../parts.ts';
import { sentenceOf } from '../exit.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const patience = 10_000;

/** Sets the plugins up and asks each destination that can tell how it is. */
export async function* checkPlugins(config: Config, logger: Logger): AsyncGenerator<Finding> {
  const fault = faultOf(config);
  if (fault !== undefined) {
    yield fail('plugins', fault, 'Take the plugin named here out of enishi.config.ts, or mend it.');
    return;
  }
  let installation: Installation;
  try {
    installation = await openInstallation({ config, logger, migrate: false });
  } catch (error) {
    yield warn('plugins', `not asked how they are: ${sentenceOf(error)}`, 'Mend what is named here, then run this again.');
    return;
  }
  try {
    yield* ask(installation);
  } finally {
    await Promise.allSettled([...installation.destinations.values()].map((destination) => destination.close?.()));
    await installation.close();
  }
}

function faultOf(config: Config): string | undefined {
  try {
    assembleParts(new Registry(config.plugins).plugins, () => config.http.publicUrl ?? `http://localhost:${config.http.port}`);
    return undefined;
  } catch (error) {
    return sentenceOf(error);
  }
}

const longLate = 300;

async function* ask({ database, destinations, desks, workspaces }: Installation): AsyncGenerator<Finding> {
  for (const { id, key } of workspaces) for (const health of await sourceHealth(database, id, new Date())) yield sourceFinding(key, health);
  const [workspace] = workspaces;
  if (workspace === undefined) return;
  for (const [key, destination] of destinations) {
    const [plugin = ''] = key.split('.');
    yield await check(key, destination, (signal) => desks.of(plugin, workspace, signal));
  }
}

function sourceFinding(workspace: string, { source, kind, waiting, givenUp, failures, late, reason }: SourceHealth): Finding {
  const found = `${source} in ${workspace}: ${kind.toLowerCase()}, ${waiting} waiting, ${givenUp} given up${reason === null ? '' : `; ${reason}`}`;
  if (givenUp > 0)
    return warn('source', found, kind === 'CALLS' ? 'Mend the cause, then replayCalls.' : 'Mend the cause, then resumeBackfill.');
  if (failures > 2)
    return warn('source', found, `${failures} failures in a row; mend its settings or its service. It is tried again by itself.`);
  return late > longLate ? warn('source', found, `${Math.round(late)} s late: is a server running?`) : ok('source', found);
}

async function check(key: string, { healthCheck }: Destination, deskUntil: (signal: AbortSignal) => Desk): Promise<Finding> {
  if (healthCheck === undefined) return ok('destination', `${key} (says nothing about its health)`);
  const abort = new AbortController();
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const late = new Error(`no answer within ${patience / 1000} seconds`);
    abort.abort(late);
    reject(late);
  }, patience);
  try {
    await Promise.race([healthCheck(deskUntil(abort.signal)), tooLate]);
    return ok('destination', key);
  } catch (error) {
    return fail('destination', `${key}: ${sentenceOf(error)}`, 'Its deliveries wait and are retried; mend its settings or its service.');
  } finally {
    clearTimeout(timer);
  }
}
