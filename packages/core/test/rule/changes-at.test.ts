import { parseRule } from '@enishi/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileRuleSet } from '../../src/rule/ruleset.ts';
import { person, rule, today } from './arbitraries.ts';
import { judge } from './judge.ts';

const farAhead = today + 100 * 86_400_000;

it('names an instant before which time alone changes nothing', () => {
  fc.assert(
    fc.property(rule, person, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }), (some, one, moments) => {
      const rules = compileRuleSet(1, [{ id: 1, key: 'some', rule: parseRule(some) }]);
      const { matches, changesAt } = judge(rules, one, today);
      expect(changesAt).toBeGreaterThan(today);
      const end = Math.min(changesAt - 1, farAhead);
      for (const moment of [...moments.map((part) => Math.floor(today + part * (end - today))), end]) {
        expect(judge(rules, one, moment).matches).toBe(matches);
      }
    }),
    { numRuns: 400 },
  );
});

it('names the very instant where a single condition turns', () => {
  const lately = { event: 'shop.did', within: 'P5D', count: { atLeast: 2 } };
  const rules = compileRuleSet(1, [{ id: 1, key: 'lately', rule: parseRule(lately) }]);
  const at = (days: number) => ({ at: today - days * 86_400_000, type: 'shop.did' as const, properties: {} });
  const one = { events: [at(1), at(4), at(2), at(2)], traits: {}, phone: false, consent: undefined };
  const turn = today + 3 * 86_400_000;
  expect(judge(rules, one, today)).toEqual({ matches: true, changesAt: turn });
  expect(judge(rules, one, turn - 1).matches).toBe(true);
  expect(judge(rules, one, turn)).toEqual({ matches: false, changesAt: Number.POSITIVE_INFINITY });
});
