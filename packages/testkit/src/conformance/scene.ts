import type { Host, Parts, Plugin } from '@enishi/plugin-sdk';
import { expect } from 'vitest';
import { createDesk, type TestDesk } from '../desk.ts';
import { type FakeVendor, fakeVendor } from '../vendor/vendor.ts';
import type { PluginExamples } from './examples.ts';

/** What is tested: a plugin and how to make its examples. */
export interface Subject {
  readonly plugin: (config: unknown) => Plugin;
  readonly examplesFor: (vendor: FakeVendor) => PluginExamples<unknown> | Promise<PluginExamples<unknown>>;
}

/** One test's world: a vendor, the plugin set up against it, and everything it says. */
export interface Scene {
  readonly vendor: FakeVendor;
  readonly examples: PluginExamples<unknown>;
  readonly plugin: Plugin;
  readonly parts: Parts;
  /** A desk that reaches what the plugin declares. */
  readonly desk: (signal?: AbortSignal) => TestDesk;
  /** Remembers what an operator may come to read; no secret may be in it when the test is over. */
  readonly heard: (words: unknown) => void;
}

const host: Host = { urlOf: (source) => `https://cdp.example/hooks/plugin/${source}` };

/** Runs a test in a world of its own; whatever was logged or thrown in it must not tell a secret. */
export async function inScene(subject: Subject, act: (scene: Scene) => Promise<void> | void): Promise<void> {
  await using vendor = await fakeVendor();
  const examples = await subject.examplesFor(vendor);
  const plugin = subject.plugin(examples.config);
  const parts = plugin.setup(host);
  const said: string[] = [];
  const desks: TestDesk[] = [];
  const desk = (signal?: AbortSignal): TestDesk => {
    const made = createDesk({ hosts: plugin.hosts, ...(signal ? { signal } : {}) });
    desks.push(made);
    return made;
  };
  try {
    await act({ vendor, examples, plugin, parts, desk, heard: (words) => void said.push(textOf(words)) });
  } finally {
    vendor.release();
    for (const destination of Object.values(parts.destinations ?? {})) await destination.close?.();
    await examples.stop?.();
  }
  const words = [...said, ...desks.flatMap(({ logged }) => logged.map(textOf))].join('\n');
  for (const secret of plugin.secrets) expect(words.includes(secret), 'a secret is told in a log or an error').toBe(false);
  expect(vendor.trespassers, 'a redirect led inside').toEqual([]);
}

/** Errors are no JSON, so what they say is written out, that of their causes included. */
function textOf(words: unknown): string {
  if (words instanceof Error) return `${words.name}: ${words.message}\n${words.stack ?? ''}\n${textOf(words.cause)}`;
  const plain = (_key: string, value: unknown): unknown => (value instanceof Error ? textOf(value) : value);
  return JSON.stringify(words, plain) ?? '';
}

/** What a call throws; fails where it throws nothing. */
export async function thrownBy(scene: Scene, call: () => unknown): Promise<unknown> {
  try {
    const answer = await call();
    return expect.fail(`threw nothing and answered ${textOf(answer).slice(0, 500)}`);
  } catch (error) {
    scene.heard(error);
    return error;
  }
}
