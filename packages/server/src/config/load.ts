import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PluginConfigError } from '@enishi/plugin-sdk';
import { type Config, ConfigError, type ConfigInput } from './config.ts';
import { resolveConfig } from './environment.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** The file it came from, or `undefined` where only defaults and the environment speak. */
  readonly file: string | undefined;
}

const names = ['enishi.config.ts', 'enishi.config.mts', 'enishi.config.js', 'enishi.config.mjs'];

/** Reads `enishi.config.ts` (here or in a folder above, or the one named) and the environment. Throws `ConfigError`. */
export async function loadConfig(named?: string, environment: NodeJS.ProcessEnv = process.env): Promise<LoadedConfig> {
  const file = named === undefined ? await find(process.cwd()) : resolve(named);
  const input = file === undefined ? {} : await read(file);
  return { config: resolveConfig(input, environment), file };
}

async function find(folder: string): Promise<string | undefined> {
  for (const name of names) if (await exists(join(folder, name))) return join(folder, name);
  const above = dirname(folder);
  return above === folder ? undefined : find(above);
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function read(file: string): Promise<ConfigInput> {
  if (!(await exists(file))) throw new ConfigError(`There is no ${file}.`);
  let module: { default?: unknown; config?: unknown };
  try {
    module = (await import(pathToFileURL(file).href)) as typeof module;
  } catch (error) {
    if (error instanceof PluginConfigError || error instanceof ConfigError) throw new ConfigError(`${file}: ${error.message}`);
    if (error instanceof Error && 'code' in error && error.code === 'ERR_UNKNOWN_FILE_EXTENSION')
      throw new ConfigError(`${file}: this Node cannot read TypeScript; use Node 22.18 or later, or write enishi.config.js.`);
    throw new ConfigError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const input = module.default ?? module.config;
  if (typeof input !== 'object' || input === null) throw new ConfigError(`${file}: export default defineConfig({ … })`);
  return input as ConfigInput;
}
