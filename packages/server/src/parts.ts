import type { Command, Destination, Plugin, Source } from '@enishi/plugin-sdk';

/** The running sides of all plugins by key: `ec.orders`, `email.message`; and what an operator may ask of them. */
export interface AssembledParts {
  readonly sources: ReadonlyMap<string, Source>;
  readonly destinations: ReadonlyMap<string, Destination>;
  readonly commands: ReadonlyMap<string, Command>;
}

/** Sets every plugin up. `publicUrl` is asked when a plugin makes a link, because a free port is known only after listening. */
export function assembleParts(plugins: readonly Plugin[], publicUrl: () => string): AssembledParts {
  const sources = new Map<string, Source>();
  const destinations = new Map<string, Destination>();
  const commands = new Map<string, Command>();
  for (const plugin of plugins) {
    const parts = plugin.setup({ urlOf: (source) => `${publicUrl()}/hooks/${plugin.name}/${source}` });
    for (const [name, source] of Object.entries(parts.sources ?? {})) sources.set(`${plugin.name}.${name}`, source);
    for (const [name, destination] of Object.entries(parts.destinations ?? {})) destinations.set(`${plugin.name}.${name}`, destination);
    for (const [name, command] of Object.entries(parts.commands ?? {})) commands.set(`${plugin.name}.${name}`, command);
  }
  return { sources, destinations, commands };
}
