import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Registry } from '@enishi/core';
import { ruleSchema } from '@enishi/plugin-sdk';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { demoConfig, demoSecrets } from '../src/config.ts';

const root = resolve(import.meta.dirname, '../../..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

const pages = globSync(['*.md', 'docs/**/*.md', 'plugins/*/README.md', 'packages/*/README.md'], { cwd: root }).sort();

interface Block {
  readonly page: string;
  readonly language: string;
  readonly body: string;
}

const blocks: Block[] = pages.flatMap((page) =>
  [...text(page).matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, language = '', body = '']) => ({
    page,
    language: language.trim(),
    body,
  })),
);
const inLanguage = (language: string): Block[] => blocks.filter((block) => block.language === language);

describe('the documentation', () => {
  it('links only to what is there', () => {
    const broken = pages.flatMap((page) =>
      [...text(page).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^(https?:|mailto:|#)/.test(target))
        .filter((target) => !existsSync(join(root, dirname(page), target.split('#')[0] ?? '')))
        .map((target) => `${page} → ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('shows queries that the schema answers', () => {
    const schema = buildSchema(text('schema/schema.graphql'));
    const faults = inLanguage('graphql').flatMap(({ page, body }) =>
      validate(schema, parse(body)).map(({ message }) => `${page}: ${message}`),
    );
    expect(faults).toEqual([]);
    expect(inLanguage('graphql').length).toBeGreaterThan(8);
  });

  it('shows rules that the validator accepts', () => {
    const faults = inLanguage('json rule').flatMap(({ page, body }) => {
      const parsed = ruleSchema.safeParse(JSON.parse(body));
      return parsed.success ? [] : [`${page}: ${body}\n${z.prettifyError(parsed.error)}`];
    });
    expect(faults).toEqual([]);
    expect(inLanguage('json rule').length).toBeGreaterThan(8);
  });

  it('names only events that the demo knows', () => {
    const registry = new Registry(demoConfig({ secrets: demoSecrets, smtp: { host: '127.0.0.1', port: 25 } }).plugins);
    const guides = pages.filter((page) => !page.startsWith('docs/adr/'));
    const named = guides.flatMap((page) =>
      [...text(page).matchAll(/\b((?:ec|pos|email|survey|enishi)\.[a-z]+_[a-z_]+)\b/g)].map(([, name = '']) => ({ page, name })),
    );
    expect(named.filter(({ name }) => registry.eventType(name) === undefined)).toEqual([]);
    expect(named.length).toBeGreaterThan(10);
  });

  it('prints the example plugin as it is compiled', () => {
    const shown = inLanguage('ts').find(({ body }) => body.includes("definePlugin({\n  name: 'survey'"));
    expect(shown?.body).toBe(text('examples/demo-store/src/survey.ts'));
  });

  it('names only npm scripts that exist', () => {
    const scripts = Object.keys((JSON.parse(text('package.json')) as { scripts: Record<string, string> }).scripts);
    const named = pages.flatMap((page) => [...text(page).matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => ({ page, script })));
    expect(named.filter(({ script }) => !scripts.includes(script))).toEqual([]);
    expect(scripts).toContain('demo');
    expect(scripts).toContain('test');
  });

  it('names only commands that enishi has', () => {
    const programs = ['program.ts', 'plugin-program.ts'].map((file) => text(`packages/server/src/cli/${file}`)).join('');
    const commands = [...programs.matchAll(/\.command\('(\w+)/g)].map(([, name = '']) => name);
    const named = pages.flatMap((page) =>
      [...text(page).matchAll(/npm run enishi -- (\w+)/g)].map(([, command = '']) => ({ page, command })),
    );
    expect(named.filter(({ command }) => !commands.includes(command))).toEqual([]);
    expect(named.length).toBeGreaterThan(3);
  });

  it('keeps each decision to a title and three paragraphs', () => {
    const decisions = pages.filter((page) => page.startsWith('docs/adr/') && /\/\d{4}-/.test(page));
    for (const page of decisions) {
      const [title = '', ...paragraphs] = text(page)
        .trim()
        .split(/\n{2,}/);
      expect(title, page).toMatch(/^# \d+\. \S/);
      expect(paragraphs.length, page).toBeLessThanOrEqual(3);
    }
    expect(decisions.length).toBeGreaterThan(10);
  });
});
