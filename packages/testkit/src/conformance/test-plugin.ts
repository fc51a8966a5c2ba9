import type { Plugin } from '@enishi/plugin-sdk';
import { describe, expect, it } from 'vitest';
import type { FakeVendor } from '../vendor/vendor.ts';
import { fakeVendor } from '../vendor/vendor.ts';
import type { PluginExamples } from './examples.ts';

/**
 * Declares the tests every plugin passes, in a test file of vitest: `testPlugin(line, (vendor) => ({ config: … }))`.
 * Each test gets a fake vendor of its own and examples made from it.
 */
export function testPlugin<TConfig>(
  plugin: (config: TConfig) => Plugin,
  examplesFor: (vendor: FakeVendor) => PluginExamples<TConfig>,
): void {
  describe('as a plugin', () => {
    it('takes the settings of its examples', async () => {
      await using vendor = await fakeVendor();
      expect(() => plugin(examplesFor(vendor).config)).not.toThrow();
    });
  });
}
