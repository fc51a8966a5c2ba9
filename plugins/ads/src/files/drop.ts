import { createReadStream } from 'node:fs';
import { access, constants, mkdir, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type FileFormat, type FileKind, fileName, readFileName } from './format.ts';
import { begin, type Writing } from './writing.ts';

export interface Drop {
  readonly folder: string;
  readonly format: FileFormat;
  readonly extension: 'csv' | 'txt';
  readonly heading: string | undefined;
}

export interface Lines {
  readonly workspace: string;
  readonly list: string;
  readonly kind: FileKind;
  readonly id: string;
  readonly now: Date;
  /** Values by kind: `email`, `phone`, `advertising-id`. */
  readonly values: AsyncIterable<readonly [string, string]> | Iterable<readonly [string, string]>;
}

/** Writes the values of one piece of work, a file for each kind. What the same work has written before is left as it is. */
export async function write(drop: Drop, { workspace, list, kind, id, now, values }: Lines): Promise<void> {
  const folder = join(drop.folder, workspace, list);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const there = (await readdir(folder)).flatMap((name) => readFileName(name) ?? []);
  const earlier = there.filter((name) => name.id === id && name.kind === kind);
  // Names must sort in the order of the work, also within one millisecond or where the clock was put back.
  const at = new Date(Math.max(now.getTime(), ...there.map((name) => name.at.getTime() + 1)));
  const underWay = new Map<string, Writing>();
  const finished: Writing[] = [];
  try {
    for await (const [value, line] of values) {
      let writing = underWay.get(value);
      if (writing !== undefined && writing.bytes + line.length + 1 > drop.format.mostBytes) {
        finished.push(writing);
        writing = undefined;
      }
      if (writing === undefined) {
        const part = finished.filter((each) => each.value === value).length + 1;
        const name = fileName({ at, kind, value, id, part, extension: drop.extension });
        writing = await begin(join(folder, name), { value, part, heading: drop.heading });
        underWay.set(value, writing);
      }
      await writing.add(line);
    }
    finished.push(...underWay.values());
    // Whoever picks files up never sees half a file, nor the first of two without the second.
    for (const writing of finished) await writing.close();
    for (const { value, part, unfinished, path } of finished) {
      const written = earlier.some((name) => name.value === value && name.part === part);
      await (written ? unlink(unfinished) : rename(unfinished, path));
    }
  } catch (error) {
    await Promise.allSettled([...finished, ...underWay.values()].map((writing) => writing.discard()));
    throw error;
  }
}

/** The lists of a workspace that ever had a file. */
export const listsIn = async (drop: Drop, workspace: string): Promise<string[]> =>
  (await readdir(join(drop.folder, workspace), { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** Takes values out of every file of a list that would still put somebody in. Files that take people out stay: they must be uploaded. */
export async function purge(
  drop: Drop,
  { workspace, list }: Pick<Lines, 'workspace' | 'list'>,
  values: ReadonlySet<string>,
): Promise<void> {
  const folder = join(drop.folder, workspace, list);
  for (const name of await readdir(folder)) {
    const kind = readFileName(name)?.kind;
    if (kind === 'add' || kind === 'all') await without(join(folder, name), values);
  }
}

async function without(path: string, values: ReadonlySet<string>): Promise<void> {
  const writing = await begin(path);
  let dropped = 0;
  let left = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (values.has(line)) dropped += 1;
    else {
      left += 1;
      await writing.add(line);
    }
  }
  if (dropped === 0) return writing.discard();
  if (left === 0) {
    await writing.discard();
    return unlink(path);
  }
  await writing.close();
  await rename(writing.unfinished, path);
}

/** Throws where nothing can be written. */
export const mustBeWritable = (drop: Drop): Promise<void> => access(drop.folder, constants.W_OK | constants.R_OK);
