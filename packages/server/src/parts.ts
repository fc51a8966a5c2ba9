import type { Destination, Plugin, Source } from '@enishi/plugin-sdk';

/** The running sides of all plugins by key: `ec.orders`, `email.message`. */
export interface AssembledParts {
  readonly sources: ReadonlyMap<string, Source>;
  readonly destinations: ReadonlyMap<string, Destination>;
}

/** Sets every plugin up. `publicUrl` is asked when a plugin makes a link, because a free port is known only after listening. */
export function assembleParts(plugins: readonly Plugin[], publicUrl: () => string): AssembledParts {
  const sources = new Map<string, Source>();
  const destinations = new Map<string, Destination>();
  for (const plugin of plugins) {
    const parts = plugin.setup({ urlOf: (source) => `${publicUrl()}/hooks/${plugin.name}/${source}` });
    for (const [name, source] of Object.entries(parts.sources ?? {})) sources.set(`${plugin.name}.${name}`, source);
    for (const [name, destination] of Object.entries(parts.destinations ?? {})) destinations.set(`${plugin.name}.${name}`, destination);
  }
  return { sources, destinations };
}
