import { z } from 'zod';
import type { EventType } from './event.ts';
import { duration, type Filter, filters, path } from './rule.ts';

/** How a trait is worked out from events of one kind, as data: exactly one of `count`, `sum`, `first` and `last`. */
export interface Computation {
  readonly event: string;
  readonly where?: readonly Filter[] | undefined;
  readonly within?: string | undefined;
  readonly count?: true | undefined;
  readonly sum?: string | undefined;
  readonly first?: true | undefined;
  readonly last?: true | undefined;
}

const measures = ['count', 'sum', 'first', 'last'] as const;
const computation: z.ZodType<Computation> = z
  .strictObject({
    event: path,
    where: filters.optional(),
    within: duration.optional(),
    count: z.literal(true).optional(),
    sum: path.optional(),
    first: z.literal(true).optional(),
    last: z.literal(true).optional(),
  })
  .refine((given) => measures.filter((key) => given[key] !== undefined).length === 1, `give exactly one of ${measures.join(', ')}`)
  .refine(
    (given) => given.within === undefined || (given.first === undefined && given.last === undefined),
    'first and last look at all time: leave out within',
  );

/** A trait that the host works out from events and keeps true. Nobody can report it; rules, messages and GraphQL read it like any other. */
export interface ComputedTrait<TValue extends number | string = number | string> {
  readonly kind: 'computed-trait';
  readonly traitName: string;
  readonly description: string;
  readonly schema: z.ZodType<TValue>;
  readonly computation: Computation;
}

export interface ComputedTraitOptions {
  readonly description: string;
}

type NamedKeys<TValue> = keyof { [TKey in keyof TValue as TKey extends string ? (string extends TKey ? never : TKey) : never]: true };

/** Where a number stands among properties, such as `total` or `payment.amount`. Lists are not looked into. */
export type NumberPath<TValue> = TValue extends readonly unknown[]
  ? never
  : TValue extends object
    ? {
        [TKey in NamedKeys<TValue> & keyof TValue & string]: NonNullable<TValue[TKey]> extends number
          ? TKey
          : `${TKey}.${NumberPath<NonNullable<TValue[TKey]>>}`;
      }[NamedKeys<TValue> & keyof TValue & string]
    : never;

/** Which events count. */
interface Counting<TProperties> {
  readonly event: EventType<TProperties>;
  /** All of these must hold, as in a rule over events. */
  readonly where?: readonly Filter[];
}

/** How many there are or what they add up to: of all time, or of a sliding window such as `P90D`, which changes at the very instant an event leaves it. */
export type Amount<TProperties> = Counting<TProperties> & { readonly within?: string } & (
    | { readonly count: true; readonly sum?: never }
    | {
        /** The property to add up, in its own unit. An event without it adds nothing, nor does an amount beyond 1e15 either way: that is a mistake. */
        readonly sum: NumberPath<NoInfer<TProperties>>;
        readonly count?: never;
      }
  );

/** When the first or the last of them happened. */
export type Moment<TProperties> = Counting<TProperties> &
  ({ readonly first: true; readonly last?: never } | { readonly last: true; readonly first?: never });

/** A wrong declaration of a computed trait; the message names the trait and each fault. */
export class ComputedTraitError extends Error {
  override readonly name = 'ComputedTraitError';
}

/**
 * Declares a trait that is computed: `computedTrait('shop.spent90d', { event: ordered, within: 'P90D', sum: 'total' }, …)`. A count
 * or a sum is 0 for whoever has no such event; a moment is then absent, and otherwise an ISO 8601 text in UTC.
 */
export function computedTrait<TProperties>(
  name: `${string}.${string}`,
  amount: Amount<TProperties>,
  options: ComputedTraitOptions,
): ComputedTrait<number>;
export function computedTrait<TProperties>(
  name: `${string}.${string}`,
  moment: Moment<TProperties>,
  options: ComputedTraitOptions,
): ComputedTrait<string>;
export function computedTrait<TProperties>(
  name: string,
  { event, ...measure }: Amount<TProperties> | Moment<TProperties>,
  { description }: ComputedTraitOptions,
): ComputedTrait {
  const { data, error } = computation.safeParse({ ...measure, event: event.eventName });
  if (error) throw new ComputedTraitError(`The computed trait "${name}" is wrong:\n${z.prettifyError(error)}`);
  const moment = data.first ?? data.last;
  return { kind: 'computed-trait', traitName: name, description, schema: moment ? z.iso.datetime() : z.number(), computation: data };
}
