import { stripVTControlCharacters } from 'node:util';
import { ruleSchema } from '@enishi/plugin-sdk';
import { describe, expect, it } from 'vitest';
import { programs, segments } from '../src/segments.ts';
import { runTour } from '../src/tour/tour.ts';

describe('the demo', () => {
  it('has rules that the validator accepts and programs of its own segments', () => {
    for (const { rule } of segments) expect(ruleSchema.parse(rule)).toEqual(rule);
    const keys = segments.map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(programs.map(({ segment }) => segment)));
  });

  it('does what its tour says, on a small world', async () => {
    const said: string[] = [];
    const code = await runTour({
      people: 150,
      port: 0,
      signal: new AbortController().signal,
      print: (line) => said.push(stripVTControlCharacters(line)),
    });
    expect(code, said.join('\n')).toBe(0);
    expect(said.filter((line) => line.includes('✘'))).toEqual([]);
  }, 120_000);
});
