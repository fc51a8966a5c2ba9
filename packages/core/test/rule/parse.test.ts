import { InvalidRule, parseRule } from '@enishi/core';
import { describe, expect, it } from 'vitest';
import type { Violation } from '../../src/errors.ts';

function violationsOf(rule: unknown): readonly Violation[] {
  try {
    parseRule(rule);
  } catch (error) {
    if (error instanceof InvalidRule) return error.details?.violations as readonly Violation[];
    throw error;
  }
  return [];
}

/** `open` and `close` around `core`, so often. Parsed from text, as a caller would send it. */
const nested = (levels: number, [open, core, close]: readonly [string, string, string]): unknown =>
  JSON.parse(`${open.repeat(levels)}${core}${close.repeat(levels)}`);

const buyer = { event: 'shop.ordered' };

describe('what is far too deep is refused without being walked', () => {
  it.each([
    ['not', ['{"not":', '{"event":"a"}', '}']],
    ['all', ['{"all":[', '{"event":"a"}', ']}']],
    ['lists', ['[', '1', ']']],
    ['a list where a text belongs', ['{"event":[', '1', ']}']],
    ['objects inside a condition', ['{"trait":', '"a"', '}']],
    ['filters', ['{"event":"a","where":[', '{}', ']}']],
  ] as const)('%s', (_what, parts) => {
    expect(violationsOf(nested(100_000, parts))).toEqual([{ path: '', message: 'a rule may be 10 levels deep' }]);
  });

  it('also where it goes round in a circle', () => {
    const round: Record<string, unknown> = {};
    round.not = round;
    expect(violationsOf(round)).toEqual([{ path: '', message: 'a rule may be 10 levels deep' }]);
  });

  it('and ten levels are taken', () => {
    const filtered = '{"event":"a","where":[{"property":"b","in":["c"]}],"sum":{"of":"d","atLeast":1}}';
    expect(violationsOf(nested(10, ['{"all":[', filtered, ']}']))).toEqual([]);
    expect(violationsOf(nested(11, ['{"all":[', filtered, ']}']))).toHaveLength(1);
  });
});

describe('what is too large is refused', () => {
  it('in conditions', () => {
    const fifty = Array.from({ length: 50 }, () => buyer);
    expect(violationsOf({ all: [{ any: fifty }, { any: fifty }] })).toEqual([]);
    expect(violationsOf({ all: [{ any: fifty }, { any: fifty }, buyer] })).toEqual([
      { path: '', message: 'a rule may have 100 conditions' },
    ]);
  });

  it('in characters', () => {
    expect(violationsOf({ trait: 'a', startsWith: 'x'.repeat(200_000) })).toEqual([
      { path: '', message: 'a rule may have 100000 characters' },
    ]);
  });
});

describe('each fault is named with its place', () => {
  it.each([
    ['a misspelled word', { event: 'a', withn: 'P3D' }, { path: '', says: /withn/ }],
    ['a duration with months', { event: 'a', within: 'P3M' }, { path: 'within', says: /P90D/ }],
    ['an empty duration', { event: 'a', last: { within: 'P' } }, { path: 'last.within', says: /P90D/ }],
    ['two measures', { event: 'a', count: { atLeast: 1 }, never: true }, { path: '', says: /at most one of/ }],
    ['a window for an age', { event: 'a', within: 'P1D', last: { within: 'P1D' } }, { path: '', says: /leave out within/ }],
    ['neither within nor olderThan', { event: 'a', first: {} }, { path: 'first', says: /either within or olderThan/ }],
    ['no comparison', { trait: 'a' }, { path: '', says: /exactly one of/ }],
    ['two comparisons', { trait: 'a', is: 1, exists: true }, { path: '', says: /exactly one of/ }],
    ['an empty range', { event: 'a', count: {} }, { path: 'count', says: /give one of/ }],
    ['nothing in `all`', { all: [] }, { path: 'all', says: /./ }],
    [
      'a fault deep inside',
      { all: [buyer, { not: { event: 'a', where: [{ property: 'x' }] } }] },
      { path: 'all.1.not.where.0', says: /exactly one of/ },
    ],
    ['a made-up form', { alll: [buyer] }, { path: '', says: /one of the forms/ }],
    ['a text', 'buyers', { path: '', says: /./ }],
    ['nothing', null, { path: '', says: /./ }],
    ['a NUL character', { trait: 'a', is: 'x\0' }, { path: '', says: /NUL/ }],
    ['half a surrogate pair', { event: 'a', where: [{ property: '\ud800', is: 1 }] }, { path: '', says: /surrogate/ }],
  ])('%s', (_what, rule, { path, says }) => {
    expect(violationsOf(rule)).toContainEqual({ path, message: expect.stringMatching(says) });
  });

  it('but not more than twenty', () => {
    expect(violationsOf({ all: Array.from({ length: 50 }, () => ({ event: 'a', within: 'x', count: {} })) })).toHaveLength(20);
  });
});

it.each(['__proto__', 'constructor', 'prototype'])('a key called %s changes nothing for others', (key) => {
  expect(violationsOf(JSON.parse(`{"event":"a","${key}":{"never":true}}`))).toHaveLength(1);
  expect(violationsOf(JSON.parse(`{"${key}":{"event":"a"}}`))).toHaveLength(1);
  expect(({} as Record<string, unknown>).never).toBeUndefined();
  expect(({} as Record<string, unknown>).event).toBeUndefined();
});
