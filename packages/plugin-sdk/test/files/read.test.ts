import { amount, calendarDay, identifier, instant, toNumber, total, UnreadableCell } from '@enishi/plugin-sdk/files';
import { describe, expect, it } from 'vitest';

describe('amounts', () => {
  it.each([
    ['1234', 1234],
    ['1,234', 1234],
    ['12,345,678.5', 12345678.5],
    ['▲1,234', -1234],
    ['△500', -500],
    ['¥1,200', 1200],
    ['\\980', 980],
    ['￥１，２３４', 1234],
    ['-300円', -300],
    ['－３００', -300],
    ['−300', -300],
    ['¥-300', -300],
    ['300-', -300],
    ['(1,500)', -1500],
    ['.5', 0.5],
    ['4.440892e-16', 0],
    ['0', 0],
    ['-0', 0],
  ])('%s is %d', (text, value) => {
    expect(toNumber(amount(text))).toBe(value);
  });

  it.each(['', 'abc', '1,5', '12,34', '--', '1.2.3', '1234a', 'NaN', 'Infinity', '１億'])('%s is none', (text) => {
    expect(() => amount(text)).toThrow(UnreadableCell);
  });

  it('sums without the noise of floating point', () => {
    expect(toNumber(total(['0.1', '0.2', '0.001'].map(amount)))).toBe(0.301);
    expect(toNumber(amount('1.9300000000000002'))).toBe(1.93);
  });
});

describe('times', () => {
  it.each([
    ['2026/11/21 18:05:30', '2026-11-21T09:05:30.000Z'],
    ['2026/11/21 18:05', '2026-11-21T09:05:00.000Z'],
    ['2026-11-21', '2026-11-20T15:00:00.000Z'],
    ['20261121', '2026-11-20T15:00:00.000Z'],
    ['20261121180530', '2026-11-21T09:05:30.000Z'],
    ['2026年11月21日 18時05分', undefined],
    ['2026年11月21日 18:05', '2026-11-21T09:05:00.000Z'],
    ['２０２６／１１／２１ １８：０５', '2026-11-21T09:05:00.000Z'],
    ['2026/11/21 25:30', '2026-11-21T16:30:00.000Z'],
    ['2026/2/28 24:00:00', '2026-02-28T15:00:00.000Z'],
    ['2026-11-21T18:05:00Z', '2026-11-21T18:05:00.000Z'],
    ['2026-11-21T18:05:00.123+01:00', '2026-11-21T17:05:00.000Z'],
  ])('%s in Japan', (text, expected) => {
    if (expected === undefined) expect(() => instant(text, 'Asia/Tokyo')).toThrow(UnreadableCell);
    else expect(instant(text, 'Asia/Tokyo').toISOString()).toBe(expected);
  });

  it('knows the summer time of a zone', () => {
    expect(instant('2011-07-01 10:00', 'Europe/London').toISOString()).toBe('2011-07-01T09:00:00.000Z');
    expect(instant('2011-01-01 10:00', 'Europe/London').toISOString()).toBe('2011-01-01T10:00:00.000Z');
  });

  it.each(['', '2026-02-30', '2026-13-01', '21/11/2026', '2026-11-21 48:00', '2026-11-21 10:60', 'yesterday'])('%s is none', (text) => {
    expect(() => instant(text, 'Asia/Tokyo')).toThrow(UnreadableCell);
  });

  it('a calendar day is the day as written, in no zone', () => {
    expect(calendarDay('2026/1/5 25:30')).toBe('2026-01-05');
    expect(() => calendarDay('2026-02-30')).toThrow(UnreadableCell);
  });
});

it('an id keeps its zeros and loses the artefact of a data frame', () => {
  expect(identifier(' 00123 ')).toBe('00123');
  expect(identifier('40021.0')).toBe('40021');
  expect(identifier('')).toBeUndefined();
  expect(identifier('1.5')).toBe('1.5');
});
