import type { Source } from '@enishi/plugin-sdk';

/** What the API needs of the running plugins. */
export interface PluginServices {
  /** The sources of the configured plugins, by key such as `foursquare.history`. */
  readonly sources: ReadonlyMap<string, Source>;
  /** How the world reaches this server. */
  readonly publicUrl: () => string;
  /** Tells the worker that something has been left for it. */
  readonly wake: () => void;
}

/** Where no plugin runs. */
export const noPlugins: PluginServices = { sources: new Map(), publicUrl: () => 'http://localhost:4000', wake: () => {} };
