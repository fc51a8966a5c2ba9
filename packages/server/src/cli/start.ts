import { listKeys } from '@enishi/core';
import { loadConfig } from '../config/load.ts';
import { createLogger } from '../http/log.ts';
import { createServer, type EnishiServer } from '../server.ts';
import { exitCodes } from './exit.ts';
import type { GlobalOptions } from './open.ts';
import { untilStopped } from './signals.ts';

export async function start(options: GlobalOptions & { readonly port?: number }): Promise<number> {
  const environment = options.port === undefined ? process.env : { ...process.env, PORT: String(options.port) };
  const { config, file } = await loadConfig(options.config, environment);
  const logger = createLogger(config.log.level);
  // A defect in a plugin's callback must be seen, and must not take everybody down with it.
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));
  process.on('uncaughtException', (error) => logger.error({ err: error }, 'uncaught exception'));
  logger.info({ file, plugins: config.plugins.map(({ name }) => name) }, 'starting');
  // From here on: a signal that came while the server was still being put together would end it half-way.
  const stopped = untilStopped((name) => logger.info({ signal: name }, 'stopping; a second signal ends at once'));
  const server = await createServer(config, { logger });
  try {
    await server.listen();
  } catch (error) {
    await server.close();
    throw error;
  }
  await hintAtKeys(server);
  const signal = await stopped;
  const deadline = setTimeout(() => {
    logger.error({ seconds: config.shutdown.deadlineSeconds }, 'the deadline has passed; ending with work under way');
    process.exit(exitCodes.failed);
  }, config.shutdown.deadlineSeconds * 1000);
  await server.close();
  clearTimeout(deadline);
  logger.info({ signal }, 'stopped');
  return exitCodes.done;
}

/** Without a key nobody can ask anything; whoever starts the first time wonders why. */
async function hintAtKeys({ database, workspaces, logger }: EnishiServer): Promise<void> {
  for (const { id, key } of workspaces)
    if ((await listKeys(database, id)).length === 0)
      logger.warn({ workspace: key }, `no API key yet: enishi key create --role operator --workspace ${key}`);
}
