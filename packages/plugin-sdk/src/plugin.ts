import { z } from 'zod';
import type { Destination } from './destination.ts';
import type { EventType } from './event.ts';
import type { Namespace } from './identifier.ts';
import type { SegmentDefinition } from './segment.ts';
import type { Source } from './source.ts';
import type { Trait } from './trait.ts';

/** What the host tells a plugin about where it runs. */
export interface Host {
  /** The public address of a source of this plugin, such as `https://cdp.example/hooks/email/unsubscribe`. */
  readonly urlOf: (source: string) => string;
}

export interface Parts {
  readonly sources?: Readonly<Record<string, Source>>;
  readonly destinations?: Readonly<Record<string, Destination>>;
}

// `never` in these positions accepts every EventType<T> and Trait<T> without `any`: both are callable with their own T.
type AnyEventType = Omit<EventType<never>, 'schema'> & { readonly schema: z.ZodType };
type AnyTrait = Omit<Trait<never>, 'schema'> & { readonly schema: z.ZodType };

export type { AnyEventType, AnyTrait };

/** What a plugin is before it is configured: everything the host can list, check and document without running it. */
export interface PluginSpec<TConfig extends z.ZodObject> {
  /** Lower case; every event, trait and namespace it declares starts with `name.`. */
  readonly name: string;
  readonly description: string;
  /** Settings; mark secrets with `secret()`. */
  readonly config: TConfig;
  readonly events?: readonly AnyEventType[];
  readonly namespaces?: readonly Namespace[];
  readonly traits?: readonly AnyTrait[];
  readonly segments?: readonly SegmentDefinition[];
  /** type-graphql resolver classes; they may add fields to `Customer` or whole new queries. */
  readonly resolvers?: readonly (new () => object)[];
  readonly setup?: (config: z.output<TConfig>, host: Host) => Parts;
}

/** A configured plugin, ready for `enishi.config.ts`. */
export interface Plugin {
  readonly name: string;
  readonly description: string;
  readonly events: readonly AnyEventType[];
  readonly namespaces: readonly Namespace[];
  readonly traits: readonly AnyTrait[];
  readonly segments: readonly SegmentDefinition[];
  readonly resolvers: readonly (new () => object)[];
  readonly setup: (host: Host) => Parts;
}

/** A plugin's settings are wrong; the message names each one and what it wants. */
export class PluginConfigError extends Error {
  override readonly name = 'PluginConfigError';
  constructor(plugin: string, error: z.ZodError) {
    super(`Plugin "${plugin}" is misconfigured:\n${z.prettifyError(error)}`);
  }
}

/** A setting that is never shown: redacted in logs, marked in the form. */
export const secret = () => z.string().min(1).meta({ secret: true });

/** Declares a plugin. The answer is a function of its settings: call it in `enishi.config.ts`. */
export function definePlugin<TConfig extends z.ZodObject>(spec: PluginSpec<TConfig>): (config: z.input<TConfig>) => Plugin {
  return (input) => {
    const config = spec.config.safeParse(input);
    if (!config.success) throw new PluginConfigError(spec.name, config.error);
    return {
      name: spec.name,
      description: spec.description,
      events: spec.events ?? [],
      namespaces: spec.namespaces ?? [],
      traits: spec.traits ?? [],
      segments: spec.segments ?? [],
      resolvers: spec.resolvers ?? [],
      setup: (host) => spec.setup?.(config.data, host) ?? {},
    };
  };
}
