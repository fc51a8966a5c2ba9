import type { Database, Line, Receipt, Registry, Workspace } from '@enishi/core';
import type { Config } from './config/config.ts';
import { Refusal, unavailable } from './http/errors.ts';

/** What every way in by HTTP needs: the line behind one counter, which asks callers back later when too much is under way. */
export interface Intake {
  readonly config: Config;
  readonly database: Database;
  readonly registry: Registry;
  readonly now: () => Date;
  /** Resolves once the events are durable. Whatever fails here is temporary for the caller: 429 or 503, never a reason to drop data. */
  accept(workspace: Workspace, source: string, submissions: readonly unknown[]): Promise<Receipt[]>;
}

export interface IntakeOptions {
  readonly config: Config;
  readonly database: Database;
  readonly registry: Registry;
  readonly line: Line;
  readonly now: () => Date;
}

export function createIntake({ config, database, registry, line, now }: IntakeOptions): Intake {
  let inFlight = 0;
  return {
    config,
    database,
    registry,
    now,
    async accept(workspace, source, submissions) {
      if (submissions.length === 0) return [];
      if (inFlight + submissions.length > config.limits.eventsInFlight && inFlight > 0)
        throw new Refusal(429, 'BUSY', { message: 'Too many events are being stored; come back in a second.', retryAfter: 1 });
      inFlight += submissions.length;
      try {
        return await line.accept(workspace, source, submissions);
      } catch (error) {
        throw unavailable('The events could not be stored now. Send them again: what was stored after all is answered DUPLICATE.', error);
      } finally {
        inFlight -= submissions.length;
      }
    },
  };
}
