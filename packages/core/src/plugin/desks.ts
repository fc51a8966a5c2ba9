import type { LookupFunction } from 'node:net';
import type { Desk } from '@enishi/plugin-sdk';
import type { Workspace } from '../access/workspace.ts';
import type { Database } from '../db/database.ts';
import type { Registry } from '../registry/registry.ts';
import { type Outbound, outboundOf } from './outbound.ts';
import { redactorOf } from './redact.ts';
import { stateOf } from './state.ts';

/** What a plugin wrote, with its secrets taken out. */
export interface PluginNote {
  readonly plugin: string;
  readonly workspace: string;
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface DesksOptions {
  readonly database: Database;
  /** Says which hosts and secrets each plugin has. */
  readonly registry: Registry;
  /** What state marked secret is encrypted under. Without it a plugin that keeps a secret is refused with `SecretKeyMissing`. */
  readonly secretKey?: string | undefined;
  readonly onNote?: (note: PluginNote) => void;
  readonly now?: () => Date;
  /** How names become addresses. Default: the system's resolver. */
  readonly lookup?: LookupFunction;
}

interface Means {
  readonly outbound: Outbound;
  readonly redact: <TValue>(value: TValue) => TValue;
  usedAt: number;
}

/**
 * The desks plugins work at: one set per process, shared by everything that calls a plugin, so that connections are pooled
 * and every way out is guarded alike. `close` it when nothing calls plugins any more.
 */
export class Desks {
  readonly #options: DesksOptions;
  readonly #means = new Map<string, Means>();

  constructor(options: DesksOptions) {
    this.#options = options;
  }

  /**
   * The desk of one call: of this plugin (its name, such as `email`), for this workspace, until this signal. Cheap: make one
   * per call. Requests under way end with the signal.
   */
  of(plugin: string, workspace: Pick<Workspace, 'id' | 'key'>, signal: AbortSignal): Desk {
    const { database, secretKey, onNote = () => {}, now = () => new Date() } = this.#options;
    const means = this.#meansOf(plugin);
    means.usedAt = performance.now();
    const { outbound, redact } = means;
    const write = (level: PluginNote['level'], message: string, details: Readonly<Record<string, unknown>> = {}): void =>
      onNote({ plugin, workspace: workspace.key, level, message: redact(message), details: redact(details) });
    return {
      workspace: workspace.key,
      state: stateOf({ database, workspaceId: workspace.id, plugin, secretKey, now }),
      log: {
        info: (message, details) => write('info', message, details),
        warn: (message, details) => write('warn', message, details),
      },
      now,
      fetch: outbound.fetch(signal),
      signal,
    };
  }

  /** Takes a plugin's secrets out of a text of its own, such as the message of an error it threw. */
  redacted(plugin: string, text: string): string {
    return this.#meansOf(plugin).redact(text);
  }

  /** The plugins that were given a desk in the last seconds. */
  usedWithin(seconds: number): string[] {
    const since = performance.now() - seconds * 1000;
    return [...this.#means].flatMap(([plugin, { usedAt }]) => (usedAt >= since ? [plugin] : []));
  }

  /** Ends every connection of every plugin. */
  async close(): Promise<void> {
    await Promise.all([...this.#means.values()].map(({ outbound }) => outbound.close()));
    this.#means.clear();
  }

  #meansOf(plugin: string): Means {
    const known = this.#means.get(plugin);
    if (known !== undefined) return known;
    const declared = this.#options.registry.plugins.find(({ name }) => name === plugin);
    const { lookup } = this.#options;
    const hosts = declared?.hosts ?? [];
    const outbound = outboundOf({ plugin, hosts, ...(lookup === undefined ? {} : { lookup }) });
    const means = { outbound, redact: redactorOf(declared?.secrets ?? []), usedAt: Number.NEGATIVE_INFINITY };
    this.#means.set(plugin, means);
    return means;
  }
}
