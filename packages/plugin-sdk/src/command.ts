import type { z } from 'zod';
import type { Desk } from './desk.ts';

/** Something an operator can ask a plugin to do: `enishi plugin {plugin} {command} --option key=value`. */
export interface Command {
  readonly kind: 'command';
  readonly description: string;
  readonly options: z.ZodObject;
  readonly run: (options: never, desk: Desk, print: (line: string) => void) => Promise<void>;
}

export interface CommandSpec<TOptions extends z.ZodObject> {
  readonly description: string;
  readonly options: TOptions;
  /** Throws with a sentence the operator can act on; the command then ends with 1. */
  readonly run: (options: z.output<TOptions>, desk: Desk, print: (line: string) => void) => Promise<void>;
}

/** Declares a command; the type of its options follows from their schema. */
export function command<TOptions extends z.ZodObject>(spec: CommandSpec<TOptions>): Command {
  return { kind: 'command', ...spec };
}
