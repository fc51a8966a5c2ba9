import type { Destination } from '@enishi/plugin-sdk';
import { EnishiError, InvalidMessage, type Violation } from '../../errors.ts';

export const triggers = ['ENTERED', 'LEFT', 'BOTH'] as const;
export type Trigger = (typeof triggers)[number];

/** What a marketer says: when a customer enters or leaves this segment, send this message through this destination. */
export interface ProgramInput {
  readonly key: string;
  readonly name: string;
  /** Key of the segment. */
  readonly segment: string;
  readonly trigger: Trigger;
  /** Key of the destination, such as `email.message`. */
  readonly destination: string;
  /** In the shape the destination declares. */
  readonly message: unknown;
  /** Default true. */
  readonly active?: boolean;
  /** Percent of the customers, 0 to 50, who are never written to, so that the others can be compared with them. Default 0. */
  readonly holdout?: number;
}

export interface ProgramRecord {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly segment: string;
  readonly trigger: Trigger;
  readonly destination: string;
  readonly message: unknown;
  /** Grows when the message or the destination changes; deliveries keep the version they were planned with. */
  readonly version: number;
  readonly active: boolean;
  readonly holdout: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export class InvalidProgram extends EnishiError {
  static readonly code = 'INVALID_PROGRAM';
  constructor(violations: readonly Violation[]) {
    super(InvalidProgram.code, `This is not a program: ${violations.map(({ path, message }) => `${path}: ${message}`).join('; ')}`, {
      violations,
    });
  }
}

export function requireProgram({ key, name, trigger, holdout = 0 }: ProgramInput, destination?: Destination): void {
  const violations: Violation[] = [];
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(key))
    violations.push({ path: 'key', message: 'use 1 to 63 of a-z, 0-9 and -, starting with a letter or digit' });
  if (name.trim() === '' || name.length > 200) violations.push({ path: 'name', message: 'use 1 to 200 characters' });
  if (!triggers.includes(trigger)) violations.push({ path: 'trigger', message: `use one of ${triggers.join(', ')}` });
  if (destination?.kind === 'audience' && trigger !== 'BOTH')
    violations.push({ path: 'trigger', message: 'use BOTH: an audience follows its segment' });
  if (!Number.isInteger(holdout) || holdout < 0 || holdout > 50)
    violations.push({ path: 'holdout', message: 'use a whole percentage from 0 to 50' });
  if (destination?.kind === 'audience' && holdout !== 0)
    violations.push({ path: 'holdout', message: 'an audience holds everybody in its segment: use 0' });
  if (violations.length > 0) throw new InvalidProgram(violations);
}

/** The message as the destination reads it, its defaults filled in. Throws InvalidMessage naming each thing wrong. */
export function readMessage(destination: Destination, message: unknown): unknown {
  const read = destination.message.safeParse(message);
  if (read.success) return read.data;
  throw new InvalidMessage(read.error.issues.map(({ path, message }) => ({ path: ['message', ...path].join('.'), message })));
}
