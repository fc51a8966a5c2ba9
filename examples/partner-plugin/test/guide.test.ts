import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const here = resolve(import.meta.dirname, '..');
const guide = readFileSync(resolve(here, '../../docs/write-a-plugin.md'), 'utf8');
const shown = new Map([...guide.matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm)].map(([, file = '', body = '']) => [file, body]));

it.each(['src/index.ts', 'test/table.test.ts', 'test/journey.test.ts'])('the guide prints %s as it is compiled and run', (file) => {
  expect(shown.get(file)).toBe(readFileSync(resolve(here, file), 'utf8'));
});

it('the plugin has 60 lines at most, without a cast or a generic argument', () => {
  const code = (shown.get('src/index.ts') ?? '').replaceAll(/'[^'\n]*'|`[^`\n]*`/g, '');
  expect(code.trim().split('\n').length).toBeLessThanOrEqual(60);
  expect(code).toContain('definePlugin(');
  expect(code).not.toMatch(/\bas\b|<[A-Za-z]|\bany\b/);
});
