import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseEnvelope, plainEnvelope } from '../../src/line/envelope.ts';

const json = fc.jsonValue({ maxDepth: 2 });
const text = fc.oneof(fc.string({ maxLength: 5 }), fc.constant('x'.repeat(201)), fc.constant('enishi.identified'));
const record = fc.dictionary(fc.string({ maxLength: 4 }), json, { maxKeys: 4 });
const submission = fc.record(
  {
    id: fc.oneof({ weight: 4, arbitrary: text }, json),
    type: fc.oneof({ weight: 4, arbitrary: text }, json),
    at: fc.oneof({ weight: 4, arbitrary: fc.date() }, fc.constant('2026-04-01T00:00:00Z'), json),
    identifiers: fc.oneof(
      { weight: 4, arbitrary: fc.dictionary(fc.string({ maxLength: 4 }), text, { maxKeys: 3 }) },
      fc.dictionary(fc.string({ maxLength: 4 }), json, { maxKeys: 3 }),
    ),
    properties: json,
    traits: fc.oneof({ weight: 4, arbitrary: record }, fc.array(fc.record({ trait: text, value: json }), { maxLength: 3 }), json),
    context: fc.oneof({ weight: 4, arbitrary: record }, json),
    more: json,
  },
  { requiredKeys: ['type', 'identifiers'] },
);

it('says of every envelope at a glance what the closer look says, where it says anything', () => {
  let told = 0;
  fc.assert(
    fc.property(submission, (candidate) => {
      const plain = plainEnvelope(candidate);
      if (plain === undefined) return;
      told += 1;
      const { id: _, ...close } = { id: undefined, ...parseEnvelope(candidate).data };
      expect(plain).toEqual(close);
    }),
    { numRuns: 3000 },
  );
  expect(told).toBeGreaterThan(50);
});
