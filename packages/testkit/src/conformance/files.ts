import type { FileInput, FileItem, FileSource } from '@enishi/plugin-sdk';
import { UnusableFile } from '@enishi/plugin-sdk';
import { expect, it } from 'vitest';
import { expectGoodDrafts } from './drafts.ts';
import type { FileExample } from './examples.ts';
import { inScene, type Scene, type Subject } from './scene.ts';

export function testFile(subject: Subject, name: string): void {
  it('reads every event, the same ones in the same order each time', () =>
    inScene(subject, async (scene) => {
      const { source, example } = paperOf(scene, name);
      const once = await readAll(source, example);
      const drafts = once.flatMap((item) => ('draft' in item ? [item.draft] : []));
      expectGoodDrafts(scene, drafts);
      expect(drafts.length).toBe(example.drafts);
      expect(await readAll(source, example)).toEqual(once);
    }));

  it('says what is wrong with half a file, and breaks over none', () =>
    inScene(subject, async (scene) => {
      const { source, example } = paperOf(scene, name);
      const bytes = Buffer.from(example.content);
      const whole = await readAll(source, example);
      for (const part of [0, 0.25, 0.5, 0.75, 0.95]) {
        const content = bytes.subarray(0, Math.floor(bytes.length * part));
        const items = await readAll(source, { ...example, content }).catch((error: unknown) => {
          scene.heard(error);
          expect(error, `${part * 100} % of the file`).toBeInstanceOf(UnusableFile);
          return [];
        });
        expect(items.length).toBeLessThanOrEqual(whole.length + 1);
        expectGoodDrafts(
          scene,
          items.flatMap((item) => ('draft' in item ? [item.draft] : [])),
        );
      }
    }));
}

function paperOf(scene: Scene, name: string): { source: FileSource; example: FileExample } {
  const source = scene.parts.sources?.[name];
  const example = scene.examples.files?.[name];
  if (source?.kind !== 'file' || example === undefined) return expect.fail(`there is no file "${name}" with an example`);
  return { source, example };
}

async function readAll(source: FileSource, { name, content, options, beside = {} }: FileExample): Promise<FileItem[]> {
  const input = (called: string, bytes: string | Uint8Array | undefined): FileInput => ({
    name: called,
    async *open() {
      if (bytes === undefined) throw new Error(`there is no file ${called}`);
      yield Buffer.from(bytes);
    },
    beside: (other) => input(other, beside[other]),
  });
  const items: FileItem[] = [];
  for await (const item of source.read(input(name, content), source.options.parse(options) as never)) items.push(item);
  return items;
}
