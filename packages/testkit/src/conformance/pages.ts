import type { BackfillSource, Pageful, PollSource } from '@enishi/plugin-sdk';
import { expect, it } from 'vitest';
import type { TestDesk } from '../desk.ts';
import { expectGoodDrafts, idsOf } from './drafts.ts';
import type { PagesExample } from './examples.ts';
import { expectNothingLost } from './losses.ts';
import { inScene, type Scene, type Subject } from './scene.ts';

interface Book {
  readonly source: PollSource | BackfillSource;
  readonly example: PagesExample;
  readonly read: (cursor: unknown, desk: TestDesk) => Promise<Pageful<unknown>>;
}

export function testPages(subject: Subject, name: string): void {
  it('reads everything, page by page', () =>
    inScene(subject, async (scene) => {
      const book = bookOf(scene, name);
      const pages = await readAll(book, await preparedDesk(scene, book));
      const drafts = pages.flatMap((page) => page.drafts);
      expectGoodDrafts(scene, drafts);
      expect(drafts.length).toBe(book.example.drafts);
      for (const page of pages) expect(page.drafts.length, 'events of one page').toBeLessThanOrEqual(500);
    }));

  it('moves its cursor on, and a cursor lives through being stored', () =>
    inScene(subject, async (scene) => {
      const book = bookOf(scene, name);
      const pages = await readAll(book, await preparedDesk(scene, book));
      for (const [n, { cursor, more }] of pages.entries()) {
        expect(book.source.cursor.safeParse(stored(cursor)).success, `the cursor ${JSON.stringify(cursor)} has its own shape`).toBe(true);
        if (more) expect(cursor, 'the cursor of a page that is not the last').not.toEqual(pages[n - 1]?.cursor);
      }
    }));

  it('gives the same ids when a page is read again', () =>
    inScene(subject, async (scene) => {
      const book = bookOf(scene, name);
      const desk = await preparedDesk(scene, book);
      const once = await readAll(book, desk);
      const again = await readAll(book, desk);
      expect(again.map(({ drafts }) => idsOf(drafts))).toEqual(once.map(({ drafts }) => idsOf(drafts)));
    }));

  it('has nothing new to tell after the last page', () =>
    inScene(subject, async (scene) => {
      const book = bookOf(scene, name);
      const desk = await preparedDesk(scene, book);
      const pages = await readAll(book, desk);
      const known = pages.flatMap(({ drafts }) => idsOf(drafts));
      const after = await readAll(book, desk, pages.at(-1)?.cursor);
      expect(after.flatMap(({ drafts }) => idsOf(drafts)).filter((id) => !known.includes(id))).toEqual([]);
    }));

  it('loses nothing when the vendor fails', () =>
    inScene(subject, async (scene) => {
      const book = bookOf(scene, name);
      const asked = scene.vendor.requests.length;
      const read = async (desk: TestDesk): Promise<string[]> => {
        await book.example.prepare?.(desk);
        return (await readAll(book, desk)).flatMap(({ drafts }) => idsOf(drafts));
      };
      await expectNothingLost(scene, read, book.example.refusal);
      expect(scene.vendor.requests.length, 'calls of the fake vendor').toBeGreaterThan(asked);
    }));
}

function bookOf(scene: Scene, name: string): Book {
  const source = scene.parts.sources?.[name];
  const { polls = {}, backfills = {} } = scene.examples;
  if (source?.kind === 'poll' && polls[name])
    return { source, example: polls[name], read: (cursor, desk) => source.read(cursor as never, desk) };
  if (source?.kind !== 'backfill' || !backfills[name]) return expect.fail(`there is no poll or backfill "${name}" with an example`);
  const example = backfills[name];
  const options = source.options.parse(example.options);
  return { source, example, read: (cursor, desk) => source.read(options as never, cursor as never, desk) };
}

async function preparedDesk(scene: Scene, { example }: Book): Promise<TestDesk> {
  const desk = scene.desk();
  await example.prepare?.(desk);
  return desk;
}

const mostPages = 1000;

/** Reads on until there is no more, each cursor as it comes back from where it was kept. */
async function readAll({ source, read }: Book, desk: TestDesk, from?: unknown): Promise<Pageful<unknown>[]> {
  const pages: Pageful<unknown>[] = [];
  for (let cursor = from === undefined ? undefined : source.cursor.parse(stored(from)); pages.length < mostPages; ) {
    const page = await read(cursor, desk);
    pages.push(page);
    if (!page.more) return pages;
    cursor = source.cursor.parse(stored(page.cursor));
  }
  return expect.fail(`there is more after ${mostPages} pages`);
}

const stored = (cursor: unknown): unknown => JSON.parse(JSON.stringify(cursor));
