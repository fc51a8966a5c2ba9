import type { Plugin } from '@enishi/plugin-sdk';
import { describe } from 'vitest';
import { type FakeVendor, fakeVendor } from '../vendor/vendor.ts';
import { testAccountLink } from './account-links.ts';
import { testDeclarations } from './declarations.ts';
import { testDestination, testReplacing } from './destinations.ts';
import type { PluginExamples } from './examples.ts';
import { testFile } from './files.ts';
import { testPages } from './pages.ts';
import type { Subject } from './scene.ts';
import { testSettings } from './settings.ts';
import { testWebhook } from './webhooks.ts';

/**
 * Declares the tests every plugin passes, in a test file of vitest: `testPlugin(line, (vendor) => ({ config: … }))`.
 * Each test gets a fake vendor of its own and examples made from it; they are also made once beforehand, for their names.
 */
export function testPlugin<TConfig>(
  plugin: (config: TConfig) => Plugin,
  examplesFor: (vendor: FakeVendor) => PluginExamples<TConfig> | Promise<PluginExamples<TConfig>>,
): void {
  // The examples' settings go back to the very plugin they were made for, so their type may be forgotten in between.
  const subject: Subject = { plugin: (config) => plugin(config as TConfig), examplesFor };
  describe('as a plugin', async () => {
    const names = await namesOf(subject);
    testDeclarations(subject);
    describe('settings', () => testSettings(subject));
    describe.for(names.webhooks)('webhook %s', (name) => testWebhook(subject, name));
    describe.for(names.polls)('poll %s', (name) => testPages(subject, name));
    describe.for(names.backfills)('backfill %s', (name) => testPages(subject, name));
    describe.for(names.files)('file %s', (name) => testFile(subject, name));
    describe.for(names.accountLinks)('account link %s', (name) => testAccountLink(subject, name));
    describe.for(names.destinations)('destination %s', (name) => testDestination(subject, name, 'ADD'));
    describe.for(names.audiences)('audience %s', (name) => {
      describe('adding', () => testDestination(subject, name, 'ADD'));
      describe('removing', () => testDestination(subject, name, 'REMOVE'));
      testReplacing(subject, name);
    });
  });
}

const groups = ['webhooks', 'polls', 'backfills', 'files', 'accountLinks', 'destinations', 'audiences'] as const;

async function namesOf({ examplesFor }: Subject): Promise<Record<(typeof groups)[number], string[]>> {
  await using vendor = await fakeVendor();
  const examples = await examplesFor(vendor);
  await examples.stop?.();
  const entries = groups.map((group) => [group, Object.keys(examples[group] ?? {})]);
  return Object.fromEntries(entries) as Record<(typeof groups)[number], string[]>;
}
