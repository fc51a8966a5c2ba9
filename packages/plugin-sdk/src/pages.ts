import type { z } from 'zod';
import type { Desk } from './desk.ts';
import type { Draft } from './event.ts';

/** One page of what a partner's system holds. Its events and its cursor are stored in one transaction, so nothing is lost or read twice. */
export interface Pageful<TCursor> {
  /** At most 500, each with an `id`: the same page may be read again. */
  readonly drafts: readonly Draft[];
  /** Where the next page begins. */
  readonly cursor: TCursor;
  /** Whether there is more to read at once. */
  readonly more: boolean;
}

/** Where a partner also brings the same events by another way, such as a webhook. */
interface Booked {
  /**
   * Name of this plugin's source under which the events are booked, default this one. An id that came by that source is then
   * a `DUPLICATE` here: what a webhook brought and a poll reads again is counted once.
   */
  readonly sameAs?: string;
}

/** A system that is asked at intervals. One process of the house asks at a time, per workspace. */
export interface PollSource extends Booked {
  readonly kind: 'poll';
  readonly description: string;
  readonly cursor: z.ZodType;
  readonly everySeconds: number;
  readonly read: (cursor: never, desk: Desk) => Promise<Pageful<unknown>>;
}

export interface PollSpec<TCursor> extends Booked {
  readonly description: string;
  /** The shape of the cursor. A stored one that no longer has it begins anew. */
  readonly cursor: z.ZodType<TCursor>;
  /** Seconds between two looks when there is nothing more. At least 10. */
  readonly everySeconds: number;
  /** Reads the page after the cursor; `undefined` at the very first. Throw `ComeBackLater` where the partner says when. */
  readonly read: (cursor: TCursor | undefined, desk: Desk) => Promise<Pageful<TCursor>>;
}

/** Declares a polled source; the cursor's type follows from its schema. */
export function poll<TCursor>(spec: PollSpec<TCursor>): PollSource {
  return { kind: 'poll', ...spec };
}

/** History that is fetched once, from the beginning, beside the traffic: of a whole account or of one person. */
export interface BackfillSource extends Booked {
  readonly kind: 'backfill';
  readonly description: string;
  readonly options: z.ZodObject;
  readonly cursor: z.ZodType;
  readonly read: (options: never, cursor: never, desk: Desk) => Promise<Pageful<unknown>>;
}

export interface BackfillSpec<TOptions extends z.ZodObject, TCursor> extends Booked {
  readonly description: string;
  /** What one backfill is told: since when, whose. */
  readonly options: TOptions;
  readonly cursor: z.ZodType<TCursor>;
  /** Reads the page after the cursor; `more: false` ends it. A stopped backfill goes on at its cursor. */
  readonly read: (options: z.output<TOptions>, cursor: TCursor | undefined, desk: Desk) => Promise<Pageful<TCursor>>;
}

/** Declares a backfill: `enishi backfill {plugin}.{source} --option key=value`, the mutation `startBackfill`, or an account link starts one. */
export function backfill<TOptions extends z.ZodObject, TCursor>(spec: BackfillSpec<TOptions, TCursor>): BackfillSource {
  return { kind: 'backfill', ...spec };
}
