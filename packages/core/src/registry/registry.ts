import type { AnyEventType, AnyTrait, Namespace, Plugin } from '@enishi/plugin-sdk';
import { builtinEvents, builtinNamespaces } from './builtin.ts';

/** Two plugins claim one name, or a plugin claims a name outside its own. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
}

/** Everything the configured plugins declare, found by name. */
export class Registry {
  readonly plugins: readonly Plugin[];
  readonly eventTypes: ReadonlyMap<string, AnyEventType>;
  readonly traits: ReadonlyMap<string, AnyTrait>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly #tracked: ReadonlyMap<string, AnyEventType>;

  constructor(plugins: readonly Plugin[] = []) {
    this.plugins = plugins;
    unique(plugins, ({ name }) => name, 'plugin');
    for (const plugin of plugins) requireOwnNames(plugin);
    const events = [...builtinEvents, ...plugins.flatMap((plugin) => plugin.events)];
    this.eventTypes = unique(events, ({ eventName }) => eventName, 'event type');
    this.traits = unique(
      plugins.flatMap((plugin) => plugin.traits),
      ({ traitName }) => traitName,
      'trait',
    );
    this.namespaces = unique([...builtinNamespaces, ...plugins.flatMap((plugin) => plugin.namespaces)], ({ name }) => name, 'namespace');
    const aliases = events.flatMap((type) => type.trackedAs.map((alias) => ({ alias, type })));
    this.#tracked = new Map([...unique(aliases, ({ alias }) => alias, 'tracked name')].map(([alias, { type }]) => [alias, type]));
  }

  eventType(name: string): AnyEventType | undefined {
    return this.eventTypes.get(name);
  }

  /** The event type that the HTTP tracking API knows by this name, such as `Order Completed`. */
  trackedAs(name: string): AnyEventType | undefined {
    return this.#tracked.get(name);
  }

  trait(name: string): AnyTrait | undefined {
    return this.traits.get(name);
  }

  namespace(name: string): Namespace | undefined {
    return this.namespaces.get(name);
  }
}

function unique<TItem>(items: readonly TItem[], nameOf: (item: TItem) => string, what: string): Map<string, TItem> {
  const found = new Map<string, TItem>();
  for (const item of items) {
    if (found.has(nameOf(item))) throw new RegistryError(`Two plugins declare the ${what} "${nameOf(item)}".`);
    found.set(nameOf(item), item);
  }
  return found;
}

/** A plugin that declared another's names could feed its own data into rules written for somebody else's. */
function requireOwnNames(plugin: Plugin): void {
  const names = [...plugin.events.map(({ eventName }) => eventName), ...plugin.namespaces.map(({ name }) => name)];
  const foreign = names.find((name) => !name.startsWith(`${plugin.name}.`));
  if (foreign !== undefined)
    throw new RegistryError(`Plugin "${plugin.name}" declares "${foreign}"; its names must start with "${plugin.name}."`);
}
