import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a plugin can be, and the layers of the template it is made of. */
const layers = {
  source: ['common', 'source', 'only-source'],
  destination: ['common', 'destination', 'only-destination'],
  both: ['common', 'source', 'destination', 'both'],
} as const;

export type Kind = keyof typeof layers;
export const kinds = Object.keys(layers) as Kind[];

export interface Plan {
  /** Name of the plugin: lower case letters, digits and hyphens. */
  readonly name: string;
  readonly kind: Kind;
  /** Where to; made if it is missing, and must be empty. */
  readonly folder: string;
}

const package_ = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Names that would meet a built-in word of the house: `enishi.…` is its own. */
const taken = ['enishi', 'plugin'];

/** Answers what is wrong with a plugin's name, or `undefined`. */
export function faultOfName(name: string): string | undefined {
  if (!/^[a-z][a-z0-9-]{0,38}[a-z0-9]$/.test(name)) return 'Write 2 to 40 lower-case letters, digits or hyphens, a letter first.';
  return taken.includes(name) ? `"${name}" is the house's own word.` : undefined;
}

/** Answers what is wrong with a folder, or `undefined`. */
export async function faultOfFolder(folder: string): Promise<string | undefined> {
  if (!existsSync(folder)) return undefined;
  const there = await readdir(folder).catch(() => undefined);
  if (there === undefined) return `${folder} is not a folder.`;
  return there.some((name) => name !== '.git') ? `${folder} is not empty.` : undefined;
}

/** Writes the plugin; answers the files made, in order. Throws a sentence where the plan cannot be carried out. */
export async function scaffold({ name, kind, folder }: Plan): Promise<string[]> {
  const fault = faultOfName(name) ?? (await faultOfFolder(folder));
  if (fault !== undefined) throw new Error(fault);
  const names = namesFor(name, await ownVersion());
  const made: string[] = [];
  for (const layer of layers[kind]) {
    const from = join(package_, 'template', layer);
    const entries = await readdir(from, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((each) => each.isFile())) {
      const source = join(entry.parentPath, entry.name);
      const target = targetOf(source.slice(from.length + 1));
      await mkdir(dirname(join(folder, target)), { recursive: true });
      await writeFile(join(folder, target), filled(await readFile(source, 'utf8'), names));
      made.push(target);
    }
  }
  return made.sort();
}

/** npm leaves `.gitignore` out of a package, so in the template its name has no dot. */
const targetOf = (path: string): string => (basename(path) === 'gitignore' ? join(dirname(path), '.gitignore') : path);

async function ownVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(package_, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** What stands in the template, and what takes its place. */
export function namesFor(name: string, version: string): Readonly<Record<string, string>> {
  const words = name.split('-').filter((word) => word !== '');
  const title = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
  const joined = title.replaceAll(' ', '');
  return {
    acmePlugin: `${joined.charAt(0).toLowerCase()}${joined.slice(1)}Plugin`,
    ACME: name.toUpperCase().replaceAll('-', '_'),
    Acme: title,
    acme: name,
    '0.0.0-enishi': version,
  };
}

/** In one pass, so that a name with one of these words in it is not filled in again. */
const filled = (text: string, names: Readonly<Record<string, string>>): string =>
  text.replaceAll(/acmePlugin|ACME|Acme|acme|0\.0\.0-enishi/g, (word) => names[word] ?? word);
