import { createWorkspace, migrate } from '@enishi/core';
import { loadConfig } from '../config/load.ts';
import { openDatabaseUrl } from '../installation.ts';
import { exitCodes } from './exit.ts';
import { commandLogger, type GlobalOptions } from './open.ts';

export async function migrateCommand(options: GlobalOptions): Promise<number> {
  const { config } = await loadConfig(options.config);
  const { url, stop } = await openDatabaseUrl(config, await commandLogger());
  try {
    const ownerUrl = config.database.ownerUrl ?? url;
    const { applied } = await migrate(ownerUrl);
    console.log(applied.length === 0 ? 'The schema is the newest.' : applied.map((name) => `applied ${name}`).join('\n'));
    for (const { key, name, country } of config.workspaces) {
      const workspace = await createWorkspace(ownerUrl, { key, name: name ?? key, country });
      console.log(`workspace ${workspace.key} is there`);
    }
    return exitCodes.done;
  } finally {
    await stop();
  }
}
