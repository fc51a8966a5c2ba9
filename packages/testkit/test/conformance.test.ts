import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[] }[];
}

/** Runs a file of tests in a vitest of its own and answers which of them pass and which fail. */
async function verdicts(file: string): Promise<Record<'passed' | 'failed', string[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  const report = join(folder, 'report.json');
  const config = join(import.meta.dirname, 'fixtures/vitest.config.ts');
  const words = ['vitest', 'run', file, '--config', config, '--reporter=json', `--outputFile=${report}`];
  await new Promise<void>((resolve) => execFile('npx', words, () => resolve()));
  const { testResults } = JSON.parse(await readFile(report, 'utf8')) as Report;
  await rm(folder, { recursive: true });
  const named = (status: string): string[] =>
    testResults.flatMap(({ assertionResults }) => assertionResults.flatMap((each) => (each.status === status ? [each.fullName] : [])));
  return { passed: named('passed'), failed: named('failed') };
}

it('sees each thing a clumsy plugin gets wrong', async () => {
  const { passed, failed } = await verdicts('clumsy.ts');
  const found = failed.map((name) => name.replace('as a plugin ', ''));
  expect(found).toEqual(
    expect.arrayContaining([
      'computes traits from numbers that its events have',
      'has texts that can be shown',
      'is explained in English and in Japanese',
      'webhook gullible refuses what is not proven',
      'webhook forgetful gives the same ids when calls come again and in another order',
      'poll optimist reads everything, page by page',
      'poll optimist loses nothing when the vendor fails',
      'destination trusting delivers, with one outcome for each',
      'destination trusting answers for somebody without an address in their place, and delivers to their neighbours',
      'destination trusting carries the same idempotency key when it tries again, and another for another delivery',
      'destination trusting takes it well when the vendor sends a web page with 200',
      'destination trusting comes back when a busy vendor says',
    ]),
  );
  expect(passed).toContain('as a plugin webhook gullible takes what the vendor sends and makes good events of it');
});
