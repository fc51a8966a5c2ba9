import { type Desks, inTime, TookTooLong, type Workspace } from '@enishi/core';
import type { Desk } from '@enishi/plugin-sdk';
import { Refusal, unavailable } from '../http/errors.ts';

export interface PluginCallOptions {
  readonly desks: Desks;
  readonly plugin: string;
  readonly workspace: Workspace;
  readonly seconds: number;
}

/** Runs a plugin's code while its caller waits. */
export type PluginCall = <TResult>(work: (desk: Desk) => TResult | Promise<TResult>) => Promise<TResult>;

/**
 * Each call has its own time and its own desk. One that hangs is answered 503, so vendors try again; what it throws has its
 * secrets taken out before anybody logs it.
 */
export const pluginCall =
  ({ desks, plugin, workspace, seconds }: PluginCallOptions): PluginCall =>
  async (work) => {
    try {
      return await inTime({ seconds }, (signal) => work(desks.of(plugin, workspace, signal)));
    } catch (error) {
      throw toRefuse(error, (text) => desks.redacted(plugin, text));
    }
  };

function toRefuse(error: unknown, redact: (text: string) => string): unknown {
  if (error instanceof TookTooLong) return unavailable('The plugin did not answer in time.', error);
  if (!(error instanceof Error)) return redact(String(error));
  error.message = redact(error.message);
  error.stack = redact(error.stack ?? '');
  if (error.name !== 'ComeBackLater') return error;
  const seconds = 'afterSeconds' in error && Number.isFinite(error.afterSeconds) ? Number(error.afterSeconds) : 60;
  return new Refusal(503, 'UNAVAILABLE', {
    message: 'The plugin cannot take this now.',
    retryAfter: Math.max(1, Math.ceil(seconds)),
    cause: error,
  });
}
