import { Registry } from '@enishi/core';
import type { Destination } from '@enishi/plugin-sdk';
import type { Config } from '../../config/config.ts';
import { assembleParts } from '../../parts.ts';
import { sentenceOf } from '../exit.ts';
import { type Finding, fail, ok } from './finding.ts';

const patience = 10_000;

/** Sets the plugins up and asks each destination that can tell how it is. */
export async function* checkPlugins(config: Config): AsyncGenerator<Finding> {
  let destinations: ReadonlyMap<string, Destination>;
  try {
    new Registry(config.plugins);
    ({ destinations } = assembleParts(config.plugins, () => config.http.publicUrl ?? `http://localhost:${config.http.port}`));
  } catch (error) {
    yield fail('plugins', sentenceOf(error), 'Take one of the two out of enishi.config.ts, or mend the plugin.');
    return;
  }
  for (const [key, destination] of destinations) yield await check(key, destination);
  await Promise.allSettled([...destinations.values()].map((destination) => destination.close?.()));
}

async function check(key: string, { healthCheck }: Destination): Promise<Finding> {
  if (healthCheck === undefined) return ok('destination', `${key} (says nothing about its health)`);
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${patience / 1000} seconds`)), patience);
  try {
    await Promise.race([healthCheck(), tooLate]);
    return ok('destination', key);
  } catch (error) {
    return fail('destination', `${key}: ${sentenceOf(error)}`, 'Its deliveries wait and are retried; mend its settings or its service.');
  } finally {
    clearTimeout(timer);
  }
}
