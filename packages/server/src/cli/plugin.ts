import { InvalidOptions, withdrawComputedTraits } from '@enishi/core';
import type { Command, Plugin } from '@enishi/plugin-sdk';
import { loadConfig } from '../config/load.ts';
import { type AssembledParts, assembleParts } from '../parts.ts';
import { exitCodes } from './exit.ts';
import { type GlobalOptions, withInstallation } from './open.ts';
import { type GivenOptions, optionsOf } from './options.ts';
import { untilStopped } from './signals.ts';

interface ListOptions extends GlobalOptions {
  readonly json?: boolean;
  readonly language?: string;
  /** Name of the one that is asked for. */
  readonly only?: string;
}

/** Every plugin of the settings: what it is, where it may go, what it brings. Needs no database. */
export async function listPlugins(options: ListOptions): Promise<number> {
  const { config } = await loadConfig(options.config);
  const parts = assembleParts(config.plugins, () => config.http.publicUrl ?? `http://localhost:${config.http.port}`);
  const shown = config.plugins.filter(({ name }) => options.only === undefined || name === options.only);
  if (shown.length === 0 && options.only !== undefined)
    throw new Error(`There is no plugin "${options.only}"; there is ${config.plugins.map(({ name }) => name).join(', ') || 'none'}.`);
  const described = shown.map((plugin) => describe(plugin, parts, options.language ?? 'en'));
  if (options.json) console.log(JSON.stringify(described, undefined, 2));
  else console.log(described.length === 0 ? 'enishi.config.ts names no plugins.' : described.map(textOf).join('\n\n'));
  return exitCodes.done;
}

interface Described {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly sdk: string;
  readonly hosts: readonly string[];
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly commands: readonly string[];
  readonly scopes: readonly string[];
}

function describe(plugin: Plugin, { sources, destinations, commands }: AssembledParts, language: string): Described {
  const text = plugin.texts[language] ?? plugin.texts.en;
  const own = <TPart>(parts: ReadonlyMap<string, TPart>, say: (part: TPart) => string): string[] =>
    [...parts].flatMap(([key, part]) => (key.startsWith(`${plugin.name}.`) ? [`${key}: ${say(part)}`] : []));
  return {
    name: plugin.name,
    title: text?.name ?? plugin.name,
    summary: text?.summary ?? plugin.description,
    sdk: plugin.sdk,
    hosts: plugin.hosts,
    sources: own(sources, ({ kind, description }) => `${kind}; ${description}`),
    destinations: own(destinations, ({ kind, channel, purpose, description }) => `${kind} by ${channel} for ${purpose}; ${description}`),
    commands: own(commands, ({ description }) => description),
    scopes: plugin.scopes.map(({ name, description }) => `${name}: ${description}`),
  };
}

function textOf({ name, title, summary, sdk, hosts, ...parts }: Described): string {
  const lists = Object.entries(parts).flatMap(([what, items]) =>
    items.length === 0 ? [] : [`  ${what}`, ...items.map((item) => `    ${item}`)],
  );
  return [`${name} (${title}, SDK ${sdk})`, `  ${summary}`, `  hosts: ${hosts.join(', ') || 'none'}`, ...lists].join('\n');
}

interface RunOptions extends GlobalOptions, GivenOptions {
  readonly plugin: string;
  readonly command: string;
}

/** Runs a plugin's own command at a desk of this workspace; what it prints goes to stdout. Throws what the command throws. */
export async function runPluginCommand(given: RunOptions): Promise<number> {
  const options = await optionsOf(given);
  return withInstallation(given, async ({ commands, desks }, workspace) => {
    const key = `${given.plugin}.${given.command}`;
    const command = commandOf(commands, key);
    const read = command.options.safeParse(options);
    if (!read.success)
      throw new InvalidOptions(
        key,
        read.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })),
      );
    const stop = new AbortController();
    void untilStopped(() => stop.abort(new Error('stopped')));
    try {
      await command.run(read.data as never, desks.of(given.plugin, workspace, stop.signal), (line) => console.log(line));
      return exitCodes.done;
    } catch (error) {
      throw new Error(desks.redacted(given.plugin, error instanceof Error ? error.message : String(error)));
    }
  });
}

interface WithdrawOptions extends GlobalOptions {
  readonly plugin: string | undefined;
  readonly command: string | undefined;
}

/** Takes from everybody what a plugin that is gone for good has computed. Stopped, it goes on when it is repeated or a server starts. */
export async function withdrawPlugin({ plugin, command, ...options }: WithdrawOptions): Promise<number> {
  if (plugin === undefined || command !== undefined)
    throw new Error('Name the plugin to withdraw, and no command: enishi plugin PLUGIN --withdraw.');
  return withInstallation(options, async ({ line, registry }, workspace) => {
    if (registry.plugins.some(({ name }) => name === plugin))
      throw new Error(
        `"${plugin}" is among the plugins of the settings: take it out first, or the next start brings back what it computes.`,
      );
    const names = await withdrawComputedTraits(line, workspace, plugin);
    console.log(
      names.length === 0
        ? `Nothing in ${workspace.key} is computed by "${plugin}".`
        : `Nobody in ${workspace.key} has ${names.join(', ')} any more.`,
    );
    return exitCodes.done;
  });
}

function commandOf(commands: ReadonlyMap<string, Command>, key: string): Command {
  const command = commands.get(key);
  if (command !== undefined) return command;
  throw new Error(`There is no command "${key}"; there is ${[...commands.keys()].join(', ') || 'none in enishi.config.ts'}.`);
}
