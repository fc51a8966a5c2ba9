import type { Desk, RawRequest, Source } from '@enishi/plugin-sdk';
import type { Workspace } from '../access/workspace.ts';
import type { Database } from '../db/database.ts';
import { askedPause } from '../delivery/backoff.ts';
import { LineUnavailable } from '../errors.ts';
import type { Line } from '../line/line.ts';
import type { Desks } from './desks.ts';
import { inTime } from './in-time.ts';

/** What came of one call or one page. */
export type WorkOutcome = 'done' | 'later' | 'failed' | 'given-up';

/** What running plugins' sources takes: one of each per process. */
export interface PluginWork {
  readonly database: Database;
  readonly line: Line;
  readonly desks: Desks;
  readonly sources: ReadonlyMap<string, Source>;
  /** Parses the body of a stored call by its content type, as the webhook's endpoint does. */
  readonly bodyOf: (request: RawRequest) => Promise<unknown>;
  readonly now: () => Date;
  readonly random: () => number;
  /** How long a plugin may take over one call or one page. */
  readonly seconds: number;
  /** Aborted when the house shuts down. */
  readonly signal: AbortSignal;
  readonly onWork: (source: string, outcome: WorkOutcome, reason: string | undefined) => void;
}

/** Until when a piece of work is held: longer than the plugin may take, so that only a dead process loses it. */
export const heldUntil = ({ now, seconds }: PluginWork): Date => new Date(now().getTime() + (2 * seconds + 30) * 1000);

export const pluginOf = (source: string): string => source.slice(0, source.indexOf('.'));

/** Runs a source's code at a desk of its own, within its time. */
export const atDesk = <TResult>(
  { desks, seconds, signal }: Pick<PluginWork, 'desks' | 'seconds' | 'signal'>,
  { source, workspace }: { source: string; workspace: Workspace },
  work: (desk: Desk) => TResult | Promise<TResult>,
): Promise<TResult> => inTime({ seconds, signal }, (until) => work(desks.of(pluginOf(source), workspace, until)));

/** What is done about something that was thrown. */
export type Trouble =
  /** Again after this many seconds; it costs no attempt. */
  | { readonly next: 'later'; readonly seconds: number; readonly reason: string }
  | { readonly next: 'give-up'; readonly reason: string }
  /** Again with growing pauses. */
  | { readonly next: 'again'; readonly reason: string };

/** By name, because a plugin may bring a copy of the contract of its own. */
const isNamed = (error: unknown, name: string): error is Error => error instanceof Error && error.name === name;

export function troubleOf(error: unknown, { desks, signal }: Pick<PluginWork, 'desks' | 'signal'>, source: string): Trouble {
  const text = error instanceof Error ? error.message : String(error);
  const reason = desks.redacted(pluginOf(source), text).replaceAll('\0', '').slice(0, 1000) || 'it threw without a word';
  if (signal.aborted) return { next: 'later', seconds: 0, reason: 'the house was shutting down' };
  if (isNamed(error, 'ComeBackLater'))
    return { next: 'later', seconds: askedPause((error as { afterSeconds?: unknown }).afterSeconds) ?? 60, reason };
  if (isNamed(error, 'GiveUp')) return { next: 'give-up', reason };
  if (error instanceof LineUnavailable) return { next: 'later', seconds: 5, reason };
  return { next: 'again', reason };
}

export const after = (now: Date, seconds: number): Date => new Date(now.getTime() + Math.ceil(seconds * 1000));
