import { z } from 'zod';
import { type Draft, type EventType, event } from './event.ts';

/** What a partner sent does not hold what it promises; the message says what and where. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** The value in the shape that was asked for. Throws `Unreadable`. */
export function shaped<TValue>(shape: z.ZodType<TValue>, value: unknown): TValue {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  throw new Unreadable(result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

/** A message of a partner as it came. */
export interface Message {
  /** Names the message for ever. */
  readonly id: string;
  readonly at: Date;
  readonly payload: unknown;
}

type Problem = z.ZodObject<{ problem: z.ZodString }, z.core.$loose>;

/**
 * Declares an event for what cannot be read, such as `ec.message_unreadable`. It refuses everything with the problem as its
 * reason: the line quarantines it, where an operator sees why, and its neighbours go on.
 */
export const unreadable = (name: `${string}.${string}`, description: string): EventType<z.output<Problem>> =>
  event(
    name,
    z
      .looseObject({ problem: z.string() })
      .superRefine(({ problem }, context) => context.addIssue({ code: 'custom', path: ['problem'], message: problem })),
    { description },
  );

const longestId = 180;

/** The message as an event that is quarantined for this problem. */
export const keptAside = (type: ReturnType<typeof unreadable>, { id, at, payload }: Message, problem: string): Draft =>
  type({ id: `unreadable:${id.slice(0, longestId)}`, at, identifiers: {}, properties: { problem, payload } });
