import type { Desk } from '@enishi/plugin-sdk';

/** Opens the desk of one call of a plugin: by the plugin's name, for a workspace, until the signal. */
export interface OpensDesks {
  of(plugin: string, workspace: { readonly id: number; readonly key: string }, signal: AbortSignal): Desk;
  /** Takes the plugin's secrets out of a text. */
  redacted(plugin: string, text: string): string;
}

/** A destination's key begins with the name of its plugin: `email.message`. */
export const pluginOf = (destinationKey: string): string => destinationKey.slice(0, Math.max(destinationKey.indexOf('.'), 0));
