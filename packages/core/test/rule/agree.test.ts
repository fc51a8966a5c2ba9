import { type Line, parseRule, type Submission, sqlParameters, type Workspace } from '@enishi/core';
import { definePlugin, event } from '@enishi/plugin-sdk';
import { createTestDomain } from '@enishi/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { compileRule } from '../../src/rule/compile.ts';
import { compileRuleSet } from '../../src/rule/ruleset.ts';
import { type Person, person, rule, today } from './arbitraries.ts';
import { judge } from './judge.ts';

const plugin = definePlugin({
  name: 'shop',
  description: 'A shop.',
  config: z.object({}),
  events: [
    event('shop.did', z.looseObject({}), { description: 'Did something.' }),
    event('shop.saw', z.looseObject({}), { description: 'Saw something.' }),
  ],
});

const phoneOf = (n: number): string => `090-1234-${String(5000 + n)}`;

const submissionsOf = ({ events, traits, phone, consent }: Person, n: number): Submission[] => [
  {
    type: 'enishi.identified',
    at: new Date(today),
    identifiers: { user: `person-${n}`, ...(phone ? { phone: phoneOf(n) } : {}) },
    traits,
    consents: consent === undefined ? [] : [{ purpose: 'marketing', channel: 'email', state: consent }],
  },
  ...events.map(({ at, type, properties }) => ({ type, at: new Date(at), identifiers: { user: `person-${n}` }, properties })),
];

/** Sends everybody in and answers the id of each. */
async function moveIn(line: Line, workspace: Workspace, people: readonly Person[]): Promise<string[]> {
  const receipts = await Promise.all(people.map((one, n) => line.accept(workspace, 'test', submissionsOf(one, n))));
  expect(receipts.flat().filter(({ status }) => status !== 'ACCEPTED')).toEqual([]);
  return receipts.map(([first]) => (first?.status === 'ACCEPTED' ? first.customerId : ''));
}

it('answers every rule the same for one customer at a time as for all of them in SQL', async () => {
  await using domain = await createTestDomain({ plugins: [plugin({})], now: () => new Date(today) });
  const { line, workspace } = domain;
  const people = fc.sample(person, { numRuns: 40, seed: 20260601 });
  const ids = await moveIn(line, workspace, people);
  await fc.assert(
    fc.asyncProperty(rule, async (some) => {
      const parsed = parseRule(some);
      const to = sqlParameters(workspace.id, new Date(today));
      const text = `select c.id from customer c where c.workspace_id = $1 and $2::timestamptz is not null and (${compileRule(parsed, to)})`;
      const found = new Set((await line.database.query<{ id: string }>(workspace.id, text, to.values)).map(({ id }) => id));
      const rules = compileRuleSet(1, [{ id: 1, key: 'some', rule: parsed }]);
      const bySql = people.map((_, n) => found.has(ids[n] ?? ''));
      expect(people.map((one) => judge(rules, one, today).matches)).toEqual(bySql);
    }),
    { numRuns: 400 },
  );
}, 120_000);
