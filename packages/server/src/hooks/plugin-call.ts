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

function toRefuse(error: unknown, redact: (text: string) => string): Error {
  if (error instanceof TookTooLong) return unavailable('The plugin did not answer in time.', error);
  const clean = cleaned(error, redact);
  if (clean.name !== 'ComeBackLater') return clean;
  const seconds =
    error instanceof Error && 'afterSeconds' in error && Number.isFinite(error.afterSeconds) ? Number(error.afterSeconds) : 60;
  return new Refusal(503, 'UNAVAILABLE', {
    message: 'The plugin cannot take this now.',
    retryAfter: Math.max(1, Math.ceil(seconds)),
    cause: clean,
  });
}

/** A new error, because not every one can be changed: what an aborted request throws has a message that is read only. */
function cleaned(error: unknown, redact: (text: string) => string): Error {
  if (!(error instanceof Error)) return new Error(redact(String(error)));
  const cause = error.cause === undefined ? {} : { cause: cleaned(error.cause, redact) };
  const stack = redact(error.stack ?? '');
  return Object.assign(new Error(redact(error.message), cause), { name: error.name, stack });
}
