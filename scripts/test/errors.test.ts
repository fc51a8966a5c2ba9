import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as core from '@enishi/core';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const documented = [...readFileSync(join(root, 'docs/errors.md'), 'utf8').matchAll(/^\| `([A-Z_0-9]+)`/gm)].map(([, code = '']) => code);

/** Every way in which a source file gives an error its code. */
const codeGiven =
  /(?:\bcode(?: =|:) |Refusal\(\d+, |\brefuse\(|Refused\([^']*|errorBody\(request, |\] \?\? |FST_ERR_\w+: |^\s+\d{3}: )'([A-Z][A-Z_0-9]{3,})'/gm;

const codesInSources = (): string[] =>
  globSync('packages/*/src/**/*.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(codeGiven)].map(([, code = '']) => code),
  );

it('docs/errors.md lists each code that an error of the domain has', () => {
  const codes = Object.values(core).flatMap((value) => (typeof value === 'function' && 'code' in value ? [String(value.code)] : []));
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !documented.includes(code))).toEqual([]);
});

it('docs/errors.md lists each code in the sources once, and no other', () => {
  const known = [...new Set(codesInSources())].sort();
  expect([...documented].sort()).toEqual(known);
});
