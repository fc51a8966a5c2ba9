import { parseRule } from '@enishi/core';
import { expect, it } from 'vitest';
import { compileRuleSet } from '../../src/rule/ruleset.ts';
import { type Person, today } from './arbitraries.ts';
import { judge } from './judge.ts';

const day = 86_400_000;
const judged = (rule: unknown, events: Person['events']) => {
  const rules = compileRuleSet(1, [{ id: 1, key: 'some', rule: parseRule(rule) }]);
  return judge(rules, { events, traits: {}, phone: false, consent: undefined }, today);
};
const did = (daysAgo: number, total = 1) => ({ at: today - daysAgo * day, type: 'shop.did' as const, properties: { total } });
const often = (times: number, daysAgo: (n: number) => number) => Array.from({ length: times }, (_, n) => did(daysAgo(n)));
const inTheLastMonth = { event: 'shop.did', within: 'P30D', sum: { of: 'total', atLeast: 100 } };

it('is not misled about a hundred recent events by one that comes late from before them all', () => {
  const recent = often(100, (n) => 20 - n / 10);
  const oldestLeaves = today + 10 * day;
  expect(judged(inTheLastMonth, recent)).toEqual({ matches: true, changesAt: oldestLeaves });
  expect(judged(inTheLastMonth, [...recent, did(90)])).toEqual({ matches: true, changesAt: oldestLeaves });
});

it('counts all events at the first instant of fixed dates, also where only some of them are remembered', () => {
  const from = new Date(today - 5 * day).toISOString();
  const sinceThen = { event: 'shop.did', within: { from }, count: { equals: 70 } };
  expect(judged(sinceThen, [...often(70, () => 5), ...often(5, () => 9), did(6)]).matches).toBe(true);
  expect(judged(sinceThen, [...often(3, () => 9), ...often(60, () => 5), ...often(10, () => 1), ...often(5, () => 6)]).matches).toBe(true);
});

it('lets events of one instant leave a window together', () => {
  const exactlyOne = { event: 'shop.did', within: 'P5D', count: { equals: 1 } };
  const { matches, changesAt } = judged(exactlyOne, [did(4), did(4), did(4), did(2), did(1)]);
  expect({ matches, changesAt }).toEqual({ matches: false, changesAt: today + 3 * day });
});
