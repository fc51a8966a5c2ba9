import { z } from 'zod';

/** A fixed length of time in ISO 8601: weeks `P2W`, or days, hours, minutes, seconds such as `P90D`, `PT12H`, `P1DT6H`. Months and years are left out: they have no fixed length. */
export const durationPattern = /^P(?!$)(?:(\d{1,4})W|(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?)$/;

/** A fixed length of time. */
export const duration = z.string().regex(durationPattern, 'write a duration such as P90D, P2W or PT12H');
const scalar = z.union([z.string().max(1000), z.number(), z.boolean()]);
export const path = z.string().min(1).max(200);

const bounds = {
  atLeast: z.number().optional(),
  moreThan: z.number().optional(),
  atMost: z.number().optional(),
  lessThan: z.number().optional(),
  equals: z.number().optional(),
};
const someBound = (range: Record<string, unknown>): boolean => Object.keys(bounds).some((key) => range[key] !== undefined);
const range = z.strictObject(bounds).refine(someBound, 'give one of atLeast, moreThan, atMost, lessThan, equals');

const comparison = {
  is: scalar.optional(),
  isNot: scalar.optional(),
  in: z.array(scalar).min(1).max(1000).optional(),
  atLeast: z.union([z.number(), z.string()]).optional(),
  moreThan: z.union([z.number(), z.string()]).optional(),
  atMost: z.union([z.number(), z.string()]).optional(),
  lessThan: z.union([z.number(), z.string()]).optional(),
  startsWith: z.string().min(1).optional(),
  exists: z.boolean().optional(),
};
const comparators = Object.keys(comparison);
const oneComparator = (value: Record<string, unknown>): boolean => comparators.filter((key) => value[key] !== undefined).length === 1;
const oneComparatorMessage = `give exactly one of ${comparators.join(', ')}`;

const traitRule = z.strictObject({ trait: path, ...comparison }).refine(oneComparator, oneComparatorMessage);
const filter = z.strictObject({ property: path, ...comparison }).refine(oneComparator, oneComparatorMessage);

export const filters = z.array(filter).max(20);

const window = z.union([
  duration,
  z.strictObject({ from: z.iso.datetime({ offset: true }).optional(), to: z.iso.datetime({ offset: true }).optional() }),
]);
const age = z
  .strictObject({ within: duration.optional(), olderThan: duration.optional() })
  .refine((value) => (value.within === undefined) !== (value.olderThan === undefined), 'give either within or olderThan');

const measures = ['count', 'sum', 'last', 'first', 'never'] as const;
const eventRule = z
  .strictObject({
    event: path,
    where: filters.optional(),
    within: window.optional(),
    count: range.optional(),
    sum: z
      .strictObject({ of: path, ...bounds })
      .refine(someBound, 'give one of atLeast, moreThan, atMost, lessThan, equals')
      .optional(),
    last: age.optional(),
    first: age.optional(),
    never: z.literal(true).optional(),
  })
  .refine((rule) => measures.filter((key) => rule[key] !== undefined).length <= 1, `give at most one of ${measures.join(', ')}`)
  .refine(
    (rule) => rule.within === undefined || (rule.last === undefined && rule.first === undefined),
    'last and first look at all time: leave out within',
  );

const identityRule = z.strictObject({ identity: path });
const consentRule = z.strictObject({
  consent: z.strictObject({ purpose: path, channel: path, scope: path.optional() }),
  is: z.enum(['GIVEN', 'REFUSED', 'WITHDRAWN', 'NONE']),
});

/** Compares a trait; where its value is a list, any element may match. */
export type TraitRule = z.infer<typeof traitRule>;
/** Compares a property of an event; `a.b` looks inside, and a list matches with any of its elements. */
export type Filter = z.infer<typeof filter>;
/**
 * Counts, sums or dates the events of one kind; alone it means "at least once". `within` is a sliding duration or fixed times.
 * `sum` adds up the number at `of`, cut off behind the sixth decimal and exact to it up to nine billion in all. An event without a
 * number there adds nothing, and neither does one beyond a thousand million million (1e15) either way: that is no amount but a mistake.
 */
export type EventRule = z.infer<typeof eventRule>;
/** The customer holds an identity of this namespace. */
export type IdentityRule = z.infer<typeof identityRule>;
/** The decision in force for a purpose and channel; with `scope`, the one about that kind of data alone. */
export type ConsentRule = z.infer<typeof consentRule>;

/** A condition over one customer, as data: the same from code, from GraphQL and in the database. */
export type Rule = { all: Rule[] } | { any: Rule[] } | { not: Rule } | TraitRule | EventRule | IdentityRule | ConsentRule;

/** The one validator of rules. Depth and size are limited where a rule is accepted. */
export const ruleSchema: z.ZodType<Rule> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(ruleSchema).min(1).max(50) }),
    z.strictObject({ any: z.array(ruleSchema).min(1).max(50) }),
    z.strictObject({ not: ruleSchema }),
    traitRule,
    eventRule,
    identityRule,
    consentRule,
  ]),
);
