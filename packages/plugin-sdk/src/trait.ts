import type { z } from 'zod';
import type { DataScope } from './scope.ts';

/** One observed value of a trait. */
export interface TraitValue {
  readonly trait: string;
  readonly value: unknown;
}

/**
 * Which observation wins when sources disagree. `newest` and `oldest` go by the time of the event;
 * ties go to the lower event id, so that every order of arrival ends with the same value.
 */
export type Survivorship = 'newest' | 'oldest';

/** An attribute of a customer. Call it with a value to report it: `rank('gold')`. */
export interface Trait<TValue = unknown> {
  (value: TValue): TraitValue;
  readonly kind: 'trait';
  readonly traitName: string;
  readonly description: string;
  readonly schema: z.ZodType<TValue>;
  readonly survivorship: Survivorship;
  /** Name of the data scope it belongs to, if it belongs to one. */
  readonly scope: string | undefined;
}

export interface TraitOptions {
  readonly description: string;
  /** Default `newest`. */
  readonly survivorship?: Survivorship;
  /** The kind of data it is, where a person may permit or refuse that by itself. */
  readonly scope?: DataScope;
}

/** Declares a trait. A value that its schema refuses quarantines the event that brought it. */
export function trait<TValue>(name: string, schema: z.ZodType<TValue>, options: TraitOptions): Trait<TValue> {
  const observe = (value: TValue): TraitValue => ({ trait: name, value });
  return Object.assign(observe, {
    kind: 'trait' as const,
    traitName: name,
    description: options.description,
    schema,
    survivorship: options.survivorship ?? ('newest' as const),
    scope: options.scope?.name,
  });
}
