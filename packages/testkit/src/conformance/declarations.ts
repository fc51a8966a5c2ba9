import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Registry } from '@enishi/core';
import type { Plugin } from '@enishi/plugin-sdk';
import { expect, it } from 'vitest';
import { computedFaults } from './computed.ts';
import type { PluginExamples } from './examples.ts';
import { inScene, type Subject } from './scene.ts';

export function testDeclarations(subject: Subject): void {
  it('is loaded by the host, with names of its own and a description of each', () =>
    inScene(subject, ({ plugin, examples }) => {
      expect(() => new Registry([...(examples.uses ?? []), plugin])).not.toThrow();
      // Traits may also have plain names that everybody knows, such as `firstName`.
      const dotted = plugin.traits.map(({ traitName }) => traitName).filter((name) => name.includes('.'));
      expect(dotted.filter((name) => !name.startsWith(`${plugin.name}.`))).toEqual([]);
      expect(descriptionsOf(plugin).filter(([, description]) => description.trim().length < 5)).toEqual([]);
      for (const { key } of plugin.segments) expect(key).toMatch(/^[a-z][a-z0-9-]*$/);
    }));

  it('computes traits from numbers that its events have', () =>
    inScene(subject, ({ plugin, examples }) => {
      const { eventTypes } = new Registry([...(examples.uses ?? []), plugin]);
      expect(computedFaults(plugin, eventTypes)).toEqual([]);
    }));

  it('does nothing when it is set up', () => inScene(subject, ({ vendor }) => expect(vendor.requests).toEqual([])));

  it('has an example of each source and destination', () =>
    inScene(subject, ({ parts, examples }) => {
      const declared = Object.entries({ ...parts.sources, ...parts.destinations }).map(([name, { kind }]) => `${kind} ${name}`);
      expect(declared.filter((name) => !exampleNames(examples).includes(name))).toEqual([]);
      expect(exampleNames(examples).filter((name) => !declared.includes(name))).toEqual([]);
    }));

  it('has texts that can be shown', () => inScene(subject, ({ plugin }) => expect(textFaults(plugin)).toEqual([])));

  it('is explained in English and in Japanese', () => {
    const folder = packageOf(expect.getState().testPath ?? process.cwd());
    for (const name of ['README.md', 'README.ja.md']) {
      expect(existsSync(join(folder, name)), `${name} beside package.json`).toBe(true);
      expect(readFileSync(join(folder, name), 'utf8').trim().length, `${name} says something`).toBeGreaterThan(100);
    }
  });
}

const descriptionsOf = (plugin: Plugin): [string, string][] => [
  [plugin.name, plugin.description],
  ...plugin.events.map(({ eventName, description }): [string, string] => [eventName, description]),
  ...plugin.traits.map(({ traitName, description }): [string, string] => [traitName, description]),
  ...(plugin.computedTraits ?? []).map(({ traitName, description }): [string, string] => [traitName, description]),
  ...[...plugin.namespaces, ...plugin.scopes, ...plugin.purposes].map(({ name, description }): [string, string] => [name, description]),
];

const groups = {
  webhooks: 'webhook',
  polls: 'poll',
  backfills: 'backfill',
  files: 'file',
  accountLinks: 'account-link',
  destinations: 'message',
  audiences: 'audience',
} as const;

const exampleNames = (examples: PluginExamples<unknown>): string[] =>
  Object.entries(groups).flatMap(([group, kind]) =>
    Object.keys(examples[group as keyof typeof groups] ?? {}).map((name) => `${kind} ${name}`),
  );

function textFaults({ texts }: Plugin): string[] {
  const languages = Object.keys(texts);
  return [
    ...(languages.length > 0 && !languages.includes('en') ? ['texts have no English, which is shown where a language is missing'] : []),
    ...languages
      .filter((language) => !/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(language))
      .map((language) => `texts: "${language}" is no language`),
    ...Object.entries(texts).flatMap(([language, { name, summary }]) => [
      ...(name.trim() === '' || name.length > 60 ? [`texts.${language}.name has 1 to 60 characters`] : []),
      ...(summary.trim() === '' || summary.length > 300 ? [`texts.${language}.summary has 1 to 300 characters`] : []),
    ]),
  ];
}

/** The nearest folder above with a package.json. */
function packageOf(path: string): string {
  const above = dirname(path);
  return above === path || existsSync(join(path, 'package.json')) ? path : packageOf(above);
}
