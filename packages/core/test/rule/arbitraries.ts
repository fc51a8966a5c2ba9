import type { EventRule, Filter, Rule } from '@enishi/plugin-sdk';
import fc from 'fast-check';

export const today = Date.parse('2026-06-01T00:00:00.000Z');
const day = 86_400_000;

/** Texts whose order differs between UTF-16 and code points, and some that begin alike. */
const texts = ['', 'a', 'ab', 'tea', 'お茶', '～', '𠮷野家', '"quoted"', '10'];
const text = fc.constantFrom(...texts);
const amount = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -5, max: 20 }) },
  { weight: 6, arbitrary: fc.integer({ min: -9_000, max: 20_000 }).map((n) => n / 1000) },
  { weight: 1, arbitrary: fc.constantFrom(1e16, 1e303, -1e303) },
);
const scalar = fc.oneof(text, amount, fc.boolean());

/** What a property may hold: anything JSON can say, lists of lists included. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: scalar },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 2, arbitrary: fc.dictionary(fc.constantFrom('a', 'b', '0', 'length'), tie('value'), { maxKeys: 3 }) },
  ),
}));

const offsets = [0, 1, -1, day, -day, -5 * day, -5 * day + 1, -10 * day, -10 * day - 1, -14 * day, -60 * day];
const instant = fc.oneof(
  fc.constantFrom(...offsets).map((offset) => today + Math.min(offset, day)),
  fc.integer({ min: -70 * day, max: 0 }).map((offset) => today + offset),
);

const happening = fc.record({
  at: instant,
  type: fc.constantFrom('shop.did', 'shop.saw'),
  properties: fc.dictionary(fc.constantFrom('a', 'b', 'total', '0'), value, { maxKeys: 4 }),
});
export const person = fc.record({
  events: fc.oneof(
    { weight: 6, arbitrary: fc.array(happening, { maxLength: 8 }) },
    { weight: 1, arbitrary: fc.array(happening, { minLength: 180, maxLength: 220, size: 'max' }) },
  ),
  traits: fc.dictionary(fc.constantFrom('rank', 'likes', 'constructor'), value, { maxKeys: 3 }),
  phone: fc.boolean(),
  consent: fc.option(fc.constantFrom('GIVEN' as const, 'REFUSED' as const, 'WITHDRAWN' as const), { nil: undefined }),
});
export type Person = typeof person extends fc.Arbitrary<infer TPerson> ? TPerson : never;

const comparison = fc.oneof(
  fc.record({ is: scalar }),
  fc.record({ isNot: scalar }),
  fc.record({ in: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
  fc.record({ exists: fc.boolean() }),
  fc.record({ startsWith: fc.constantFrom('a', 't', 'お', '𠮷', '"') }),
  fc.record({ atLeast: fc.oneof(text, amount) }),
  fc.record({ moreThan: fc.oneof(text, amount) }),
  fc.record({ atMost: fc.oneof(text, amount) }),
  fc.record({ lessThan: fc.oneof(text, amount) }),
);
const path = fc.constantFrom('a', 'b', 'total', 'a.b', 'a.a', 'b.0', 'a.length', '0', 'a.b.a', 'constructor');
const filter = fc.tuple(path, comparison).map(([property, rest]): Filter => ({ property, ...rest }));
const range = fc.oneof(
  ...(['atLeast', 'moreThan', 'atMost', 'lessThan', 'equals'] as const).map((bound) =>
    fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom(1.5, 66, 100)).map((number) => ({ [bound]: number })),
  ),
  fc.record({ atLeast: fc.integer({ min: 0, max: 2 }), lessThan: fc.integer({ min: 2, max: 4 }) }),
);
const sum = fc
  .tuple(
    fc.constantFrom('total', 'a', 'a.b', 'b.0', 'a.length'),
    fc.constantFrom('atLeast', 'moreThan', 'atMost', 'lessThan', 'equals'),
    amount,
  )
  .map(([of, bound, number]) => ({ of, [bound]: number }));
const duration = fc.constantFrom('P10D', 'P5D', 'P1D', 'P2W', 'PT1S', 'PT0S', 'P1DT6H');
const iso = instant.map((at) => new Date(at).toISOString());
const window = fc.oneof(duration, fc.record({ from: iso, to: iso }, { requiredKeys: [] }));
const age = fc.oneof(fc.record({ within: duration }), fc.record({ olderThan: duration }));
const measure = fc.oneof(
  fc.record({ count: range, within: window }, { requiredKeys: [] }),
  fc.record({ sum, within: window }, { requiredKeys: ['sum'] }),
  fc.record({ never: fc.constant(true as const), within: window }, { requiredKeys: ['never'] }),
  fc.record({ last: age }),
  fc.record({ first: age }),
);
const eventRule = fc
  .tuple(fc.constantFrom('shop.did', 'shop.saw'), fc.option(fc.array(filter, { maxLength: 2 }), { nil: undefined }), measure)
  .map(([event, where, rest]) => ({ event, ...(where === undefined ? {} : { where }), ...rest }) as EventRule);

/** Any rule the language has. */
export const { rule } = fc.letrec<{ rule: Rule; leaf: Rule }>((tie) => ({
  leaf: fc.oneof(
    { weight: 5, arbitrary: eventRule },
    {
      weight: 3,
      arbitrary: fc.tuple(fc.constantFrom('rank', 'likes', 'constructor'), comparison).map(([trait, rest]) => ({ trait, ...rest })),
    },
    { weight: 1, arbitrary: fc.constantFrom('phone', 'email', 'user').map((identity) => ({ identity })) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('GIVEN' as const, 'REFUSED' as const, 'WITHDRAWN' as const, 'NONE' as const)
        .map((is) => ({ consent: { purpose: 'marketing', channel: 'email' }, is })),
    },
  ),
  rule: fc.oneof(
    { maxDepth: 3 },
    { weight: 3, arbitrary: tie('leaf') },
    { weight: 1, arbitrary: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })) },
    { weight: 1, arbitrary: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })) },
    { weight: 1, arbitrary: tie('rule').map((not) => ({ not })) },
  ),
}));
