import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AudienceDestination, Desk, Recipient } from '@enishi/plugin-sdk';
import { createDesk } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { write } from '../src/files/drop.ts';
import { lineFormat } from '../src/files/format.ts';
import { ads } from '../src/index.ts';
import { sha256 } from '../src/normalise/index.ts';
import { type AdsSettings, audienceOf, changes, hanako, now, person, statusesOf } from './world.ts';

const message = { list: 'gold' };
const emailOf = (n: number) => sha256(`p${n}@example.jp`);

async function createFolder(over: Partial<NonNullable<AdsSettings['line']>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'enishi-ads-'));
  const plugin = ads({ line: { folder, ...over }, yahoo: { folder, ...over } });
  const filesOf = async (list = 'gold'): Promise<Record<string, string[]>> => {
    const names = (await readdir(join(folder, 'main', list))).sort();
    const lines = await Promise.all(names.map(async (name) => (await readFile(join(folder, 'main', list, name), 'utf8')).split('\n')));
    return Object.fromEntries(names.map((name, n) => [name, lines[n] ?? []]));
  };
  let time = now.getTime();
  const desk: Desk = createDesk({ now: () => new Date(time) });
  return {
    folder,
    line: audienceOf(plugin, 'line'),
    yahoo: audienceOf(plugin, 'yahoo'),
    desk,
    tick: () => {
      time += 1000;
    },
    filesOf,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

async function* each(people: readonly Recipient[]) {
  yield* people;
}

describe('files of changes', () => {
  it('LINE gets one hash to a line, no heading, by kind of value', async () => {
    await using world = await createFolder({ fields: ['email', 'phone'] });
    const outcomes = await world.line.apply(changes(message, [hanako, person(2)]), world.desk);
    expect(statusesOf(outcomes)).toEqual(['delivered', 'delivered']);
    const id = outcomes[0]?.status === 'delivered' ? outcomes[0].reference : '';
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect(await world.filesOf()).toEqual({
      [`20261121T233000123Z-add-email-${id}-1.csv`]: [sha256('taro.yamada@example.com'), sha256('taro@gmail.com'), emailOf(2), ''],
      [`20261121T233000123Z-add-phone-${id}-1.csv`]: [sha256('09012345678'), ''],
    });
  });

  it('a heading, the ending and the form of a phone number are settings', async () => {
    await using world = await createFolder({ fields: ['phone'], phoneForm: 'e164', heading: 'phone', extension: 'csv' });
    await world.yahoo.apply(changes(message, [hanako]), world.desk);
    const [[name = '', lines] = []] = Object.entries(await world.filesOf());
    expect(name).toMatch(/-add-phone-[0-9a-f]{12}-1\.csv$/);
    expect(lines).toEqual(['phone', sha256('+819012345678'), '']);
  });

  it('Yahoo! JAPAN gets text', async () => {
    await using world = await createFolder();
    await world.yahoo.apply(changes(message, [person(1)]), world.desk);
    expect(Object.keys(await world.filesOf())).toEqual([expect.stringMatching(/-1\.txt$/)]);
  });

  it('are plain ASCII without a mark at the beginning, for the owner alone', async () => {
    await using world = await createFolder();
    await world.line.apply(changes(message, [hanako]), world.desk);
    const [name = ''] = await readdir(join(world.folder, 'main', 'gold'));
    const path = join(world.folder, 'main', 'gold', name);
    expect((await readFile(path)).every((byte) => byte === 10 || (byte >= 0x20 && byte < 0x7f))).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('sort in the order in which they are to be uploaded', async () => {
    await using world = await createFolder();
    const [change] = changes(message, [person(1)]);
    const apply = (id: string, operation: 'ADD' | 'REMOVE') =>
      world.line.apply(change === undefined ? [] : [{ ...change, id, operation }], world.desk);
    await apply('a', 'REMOVE');
    await apply('b', 'ADD');
    await apply('c', 'REMOVE');
    expect(Object.keys(await world.filesOf()).map((name) => name.split('-')[1])).toEqual(['remove', 'add', 'remove']);
  });

  it('what was written already is not written again by a retry', async () => {
    await using world = await createFolder({ fields: ['email', 'phone'] });
    const work = changes(message, [hanako]);
    await world.line.apply(work, world.desk);
    const before = await world.filesOf();
    const [, phones = ''] = Object.keys(before);
    await rm(join(world.folder, 'main', 'gold', phones));
    world.tick();
    await world.line.apply(work, world.desk);
    const after = await world.filesOf();
    expect(Object.values(after)).toEqual(Object.values(before));
  });

  it('whoever has nothing for them costs the neighbours nothing', async () => {
    await using world = await createFolder();
    const nobody = { id: 'x', identifiers: { phone: ['+819012345678'] }, traits: {} };
    expect(statusesOf(await world.line.apply(changes(message, [nobody, person(1)]), world.desk))).toEqual(['rejected', 'delivered']);
  });

  it.each(['../elsewhere', 'a/b', '', 'Gold', '.hidden'])('a list cannot be called "%s"', async (list) => {
    await using world = await createFolder();
    expect(world.line.message.safeParse({ list }).success).toBe(false);
  });
});

it('a whole list is one file', async () => {
  await using world = await createFolder();
  await world.line.replace?.(message as never, each([person(1), person(2), person(3)]), world.desk);
  const files = await world.filesOf();
  expect(Object.keys(files)[0]).toMatch(/^20261121T233000123Z-all-email-[0-9a-f]{12}-1\.csv$/);
  expect(Object.values(files)).toEqual([[emailOf(1), emailOf(2), emailOf(3), '']]);
});

it('a list larger than the upload form takes is several files', async () => {
  await using world = await createFolder();
  const format = { ...lineFormat, mostBytes: 140 };
  const values = [1, 2, 3].map((n): [string, string] => ['email', emailOf(n)]);
  const drop = { folder: world.folder, format, extension: 'csv', heading: undefined } as const;
  await write(drop, { workspace: 'main', list: 'gold', kind: 'all', id: '0123456789ab', now, values });
  expect(await world.filesOf()).toEqual({
    '20261121T233000123Z-all-email-0123456789ab-1.csv': [emailOf(1), emailOf(2), ''],
    '20261121T233000123Z-all-email-0123456789ab-2.csv': [emailOf(3), ''],
  });
});

it('a list that fails half way leaves no file behind', async () => {
  await using world = await createFolder();
  async function* failing() {
    yield person(1);
    throw new Error('the database went away');
  }
  await expect(world.line.replace?.(message as never, failing(), world.desk)).rejects.toThrow('went away');
  expect(await world.filesOf()).toEqual({});
});

describe('erasure', () => {
  const erase = (line: AudienceDestination, who: Recipient, desk: Desk) => line.onErase?.(who, desk);

  it('takes hashes out of what would still put somebody in, and tells every list to take them out', async () => {
    await using world = await createFolder();
    await world.line.apply(changes(message, [person(1), person(2)]), world.desk);
    await world.line.apply(changes({ list: 'silver' }, [person(1)]), world.desk);
    await writeFile(join(world.folder, 'main', 'gold', 'notes.txt'), `${emailOf(1)}\n`);
    world.tick();
    await erase(world.line, person(1), world.desk);
    await erase(world.line, person(1), world.desk);
    const { 'notes.txt': notes, ...gold } = await world.filesOf();
    expect(Object.entries(gold).map(([name, lines]) => [name.split('-')[1], lines])).toEqual([
      ['add', [emailOf(2), '']],
      ['remove', [emailOf(1), '']],
    ]);
    expect(notes).toEqual([emailOf(1), '']);
    const silver = await world.filesOf('silver');
    expect(Object.entries(silver).map(([name, lines]) => [name.split('-')[1], lines])).toEqual([['remove', [emailOf(1), '']]]);
  });

  it('has nothing to do where there are no files', async () => {
    await using world = await createFolder();
    await erase(world.line, person(1), world.desk);
    expect(await readdir(world.folder)).toEqual([]);
  });
});

it('the health check says which folder cannot be written', async () => {
  await using world = await createFolder();
  await expect(world.line.healthCheck?.(world.desk)).resolves.toBeUndefined();
  await rm(world.folder, { recursive: true });
  await expect(world.line.healthCheck?.(world.desk)).rejects.toThrow(/LINE Ads.*ENOENT/);
  await mkdir(world.folder);
});
