import type { z } from 'zod';
import type { EventType } from './event.ts';
import type { EventRule, Rule, TraitRule } from './rule.ts';

/** A segment a plugin brings along; the operator may switch it off. */
export interface SegmentDefinition {
  /** Stable name, lower case with hyphens. */
  readonly key: string;
  readonly name: string;
  readonly rule: Rule;
}

export const segment = (key: string, name: string, rule: Rule): SegmentDefinition => ({ key, name, rule });

export const all = (...rules: Rule[]): Rule => ({ all: rules });
export const any = (...rules: Rule[]): Rule => ({ any: rules });
export const not = (rule: Rule): Rule => ({ not: rule });

type Ordered = number | string;

/** A trait, reported or computed. */
interface Known<TValue> {
  readonly traitName: string;
  readonly schema: z.ZodType<TValue>;
}

/** A condition on a trait, typed by the trait: `where(rank).is('gold')`. */
export const where = <TValue>(trait: Known<TValue>) => ({
  is: (value: TValue & (string | number | boolean)): TraitRule => ({ trait: trait.traitName, is: value }),
  isNot: (value: TValue & (string | number | boolean)): TraitRule => ({ trait: trait.traitName, isNot: value }),
  in: (...values: (TValue & (string | number | boolean))[]): TraitRule => ({ trait: trait.traitName, in: values }),
  atLeast: (value: TValue & Ordered): TraitRule => ({ trait: trait.traitName, atLeast: value }),
  atMost: (value: TValue & Ordered): TraitRule => ({ trait: trait.traitName, atMost: value }),
  exists: (): TraitRule => ({ trait: trait.traitName, exists: true }),
});

type Measure = Omit<EventRule, 'event'>;

/** A condition on events of one kind; without a measure, "at least once". */
export const did = <TProperties>(type: EventType<TProperties>, measure: Measure = {}): EventRule => ({ event: type.eventName, ...measure });
export const never = <TProperties>(type: EventType<TProperties>): EventRule => ({ event: type.eventName, never: true });
