import { z } from 'zod';
import type { Command } from './command.ts';
import type { ComputedTrait } from './computed-trait.ts';
import type { Destination } from './destination.ts';
import type { EventType } from './event.ts';
import type { Namespace } from './identifier.ts';
import type { DataScope, PurposeDefinition } from './scope.ts';
import type { SegmentDefinition } from './segment.ts';
import type { Source } from './source.ts';
import type { Trait } from './trait.ts';

/** What the host tells a plugin about where it runs. */
export interface Host {
  /**
   * The public address of a source of this plugin, such as `https://cdp.example/hooks/email/unsubscribe`. Ask when it is needed,
   * not while setting up: a server on any free port knows its own address only once it listens.
   */
  readonly urlOf: (source: string) => string;
}

export interface Parts {
  readonly sources?: Readonly<Record<string, Source>>;
  readonly destinations?: Readonly<Record<string, Destination>>;
  readonly commands?: Readonly<Record<string, Command>>;
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
  /** Traits the host works out from events, its own or another plugin's: see `computedTrait`. */
  readonly computedTraits?: readonly ComputedTrait[];
  readonly scopes?: readonly DataScope[];
  readonly purposes?: readonly PurposeDefinition[];
  readonly segments?: readonly SegmentDefinition[];
  /**
   * Hosts its code may reach, such as `api.line.me` or `*.myshopify.com`; a port where it is not 443. Nothing else can be
   * reached. With settings, where an address is among them: an address on the operator's own network is allowed only if
   * named here exactly.
   */
  readonly hosts?: readonly string[] | ((config: z.output<TConfig>) => readonly string[]);
  /** The SDK it was made with: `sdkVersion`. Loading refuses what this host does not offer. */
  readonly sdk?: string;
  /** A name to show and what it is for, by language. English is used where one is missing. */
  readonly texts?: Readonly<Record<string, { readonly name: string; readonly summary: string }>>;
  /** An SVG of at most 8 KiB; scripts and links out of it are refused. */
  readonly icon?: string;
  /** It keeps secrets of partners or people in its state, always or with these settings: the host then asks for a key to encrypt them under before it starts. */
  readonly keepsSecrets?: boolean | ((config: z.output<TConfig>) => boolean);
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
  /** Missing where the plugin was made with an SDK before 0.3. */
  readonly computedTraits?: readonly ComputedTrait[];
  readonly scopes: readonly DataScope[];
  readonly purposes: readonly PurposeDefinition[];
  readonly segments: readonly SegmentDefinition[];
  readonly hosts: readonly string[];
  readonly sdk: string;
  readonly texts: Readonly<Record<string, { readonly name: string; readonly summary: string }>>;
  readonly icon: string | undefined;
  /** The settings' schema as a form needs it, and the values of those marked secret, to be redacted wherever they turn up. */
  readonly form: Readonly<Record<string, unknown>>;
  readonly secrets: readonly string[];
  readonly keepsSecrets: boolean;
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

/** The version of this contract. A change that breaks plugins raises its first number, a new capability its second. */
export const sdkVersion = '0.3.0';

const isSecret = (schema: unknown): boolean =>
  schema instanceof z.ZodType && (schema.meta()?.secret === true || (schema instanceof z.ZodOptional && isSecret(schema.unwrap())));

/** The values of the settings marked secret, those in nested settings included. */
function secretsOf(schema: unknown, value: unknown): string[] {
  if (isSecret(schema)) return typeof value === 'string' ? [value] : [];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return secretsOf(schema.unwrap(), value);
  if (schema instanceof z.ZodObject && typeof value === 'object' && value !== null)
    return Object.entries(schema.shape).flatMap(([key, inner]) => secretsOf(inner, (value as Record<string, unknown>)[key]));
  if (schema instanceof z.ZodRecord && typeof value === 'object' && value !== null)
    return Object.values(value).flatMap((inner) => secretsOf(schema.valueType, inner));
  if (schema instanceof z.ZodArray && Array.isArray(value)) return value.flatMap((inner) => secretsOf(schema.element, inner));
  return [];
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
      computedTraits: spec.computedTraits ?? [],
      scopes: spec.scopes ?? [],
      purposes: spec.purposes ?? [],
      segments: spec.segments ?? [],
      hosts: typeof spec.hosts === 'function' ? spec.hosts(config.data) : (spec.hosts ?? []),
      sdk: spec.sdk ?? sdkVersion,
      texts: spec.texts ?? {},
      icon: spec.icon,
      form: z.toJSONSchema(spec.config, { io: 'input' }),
      secrets: secretsOf(spec.config, config.data),
      keepsSecrets: typeof spec.keepsSecrets === 'function' ? spec.keepsSecrets(config.data) : (spec.keepsSecrets ?? false),
      resolvers: spec.resolvers ?? [],
      setup: (host) => spec.setup?.(config.data, host) ?? {},
    };
  };
}
