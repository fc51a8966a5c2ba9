import type { AnyEventType, AnyTrait, ComputedTrait, DataScope, Namespace, Plugin, PurposeDefinition } from '@enishi/plugin-sdk';
import { builtinEvents, builtinNamespaces } from './builtin.ts';
import { incompatibility } from './compatibility.ts';
import { iconFault } from './icon.ts';

/** A plugin cannot be loaded: made for another Enishi, or claiming a name that is another's. The message says which and why. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
}

/** Everything the configured plugins declare, found by name. */
export class Registry {
  readonly plugins: readonly Plugin[];
  readonly eventTypes: ReadonlyMap<string, AnyEventType>;
  readonly traits: ReadonlyMap<string, AnyTrait>;
  readonly computedTraits: ReadonlyMap<string, ComputedTrait>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly scopes: ReadonlyMap<string, DataScope>;
  readonly purposes: ReadonlyMap<string, PurposeDefinition>;
  readonly #tracked: ReadonlyMap<string, AnyEventType>;

  constructor(plugins: readonly Plugin[] = []) {
    this.plugins = plugins;
    unique(plugins, ({ name }) => name, 'plugin');
    for (const plugin of plugins) requireLoadable(plugin);
    const events = [...builtinEvents, ...plugins.flatMap((plugin) => plugin.events)];
    this.eventTypes = unique(events, ({ eventName }) => eventName, 'event type');
    const traits = plugins.flatMap((plugin) => plugin.traits);
    const computed = plugins.flatMap(({ computedTraits = [] }) => computedTraits);
    unique<{ readonly traitName: string }>([...traits, ...computed], ({ traitName }) => traitName, 'trait');
    this.traits = new Map(traits.map((trait) => [trait.traitName, trait]));
    this.computedTraits = new Map(computed.map((trait) => [trait.traitName, trait]));
    for (const plugin of plugins) requireKnownEvents(plugin, this.eventTypes);
    this.namespaces = unique([...builtinNamespaces, ...plugins.flatMap((plugin) => plugin.namespaces)], ({ name }) => name, 'namespace');
    const declared = <TItem extends { readonly name: string }>(items: readonly TItem[], what: string): Map<string, TItem> =>
      unique(items, ({ name }) => name, what);
    this.scopes = declared(
      plugins.flatMap((plugin) => plugin.scopes),
      'data scope',
    );
    this.purposes = declared(
      plugins.flatMap((plugin) => plugin.purposes),
      'purpose',
    );
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

  computedTrait(name: string): ComputedTrait | undefined {
    return this.computedTraits.get(name);
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

function requireLoadable(plugin: Plugin): void {
  const unfit = incompatibility(plugin);
  if (unfit !== undefined) throw new RegistryError(unfit);
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(plugin.name))
    throw new RegistryError(`"${plugin.name}" is no name of a plugin: write lower case letters, digits and hyphens.`);
  requireOwnNames(plugin);
  const fault = plugin.icon === undefined ? undefined : iconFault(plugin.icon);
  if (fault !== undefined) throw new RegistryError(`The icon of plugin "${plugin.name}" is refused: it ${fault}.`);
}

/** A plugin that declared another's names could feed its own data into rules and consents written for somebody else's. */
function requireOwnNames(plugin: Plugin): void {
  const things = [...plugin.namespaces, ...plugin.scopes, ...plugin.purposes];
  const traits = (plugin.computedTraits ?? []).map(({ traitName }) => traitName);
  const names = [...plugin.events.map(({ eventName }) => eventName), ...traits, ...things.map(({ name }) => name)];
  const foreign = names.find((name) => !name.startsWith(`${plugin.name}.`));
  if (foreign !== undefined)
    throw new RegistryError(`Plugin "${plugin.name}" declares "${foreign}"; its names must start with "${plugin.name}."`);
  const scopes = new Set(plugin.scopes.map(({ name }) => name));
  const missing = [...plugin.events, ...plugin.traits].find(({ scope }) => scope !== undefined && !scopes.has(scope));
  if (missing !== undefined)
    throw new RegistryError(
      `Plugin "${plugin.name}" puts data under the scope "${missing.scope}", which it does not declare among its scopes.`,
    );
}

/** A trait computed from events that cannot come would stay empty for ever, and nobody would know why. */
function requireKnownEvents({ name, computedTraits = [] }: Plugin, events: ReadonlyMap<string, AnyEventType>): void {
  const blind = computedTraits.find(({ computation }) => !events.has(computation.event));
  if (blind !== undefined)
    throw new RegistryError(
      `Plugin "${name}" computes "${blind.traitName}" from the event type "${blind.computation.event}", which no configured plugin declares.`,
    );
}
