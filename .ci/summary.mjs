// Prints `N passed, N failed[, N skipped]` from vitest's JSON report. A step other than the tests has no tests of its
// own to count, so its failure counts as one; so does a test file that could not even be loaded.
import { existsSync, readFileSync } from 'node:fs';

const [reportFile, ...failedSteps] = process.argv.slice(2);
const report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : undefined;
const files = report?.testResults ?? [];
const tests = files.flatMap((file) => file.assertionResults);
const unloaded = files.filter((file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'));

const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length;
const failedTests = count('failed') + unloaded.length;
// Errors outside any test fail the run without failing a test.
const runFailed = failedSteps.includes('npm test') && failedTests === 0 ? 1 : 0;
const failed = failedTests + runFailed + failedSteps.filter((step) => step !== 'npm test').length;
const skipped = count('skipped', 'pending', 'todo', 'disabled');

for (const step of failedSteps) console.log(`failed: ${step}`);
console.log(`${count('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;
