import type { Database, Destinations, Line, OpensDesks, Reader, Registry } from '@enishi/core';
import type { PluginServices } from './plugin/services.ts';

/** What the API works with: one of each per process. */
export interface Services {
  readonly database: Database;
  readonly registry: Registry;
  readonly line: Line;
  readonly reader: Reader;
  /** The destinations of the configured plugins, by key such as `email.message`. */
  readonly destinations: Destinations;
  /** What destinations work at when they are asked to show something. Default: none is asked. */
  readonly desks?: OpensDesks;
  /** Default: none run. */
  readonly plugins?: PluginServices;
}
