import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from './run.ts';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface Packed {
  readonly manifest: Manifest;
  readonly tarball: string;
}

const wanted = ['@enishi/create-plugin', '@enishi/plugin-sdk', '@enishi/testkit'];

/** Packs what a partner installs, with every package of ours it needs, and looks into each. */
export async function pack(root: string, into: string, run: Run): Promise<Packed[]> {
  const manifests = needed(manifestsOf(join(root, 'packages')), wanted);
  const names = manifests.flatMap(({ name }) => ['-w', name]);
  const listed = JSON.parse(await run('npm', ['pack', '--json', '--pack-destination', into, ...names], root)) as unknown;
  // npm lists them in an array, newer ones by name.
  const packs = Object.values(listed as Record<string, { name: string; filename: string; files: { path: string }[] }>);
  return packs.map(({ name, filename, files }) => {
    const manifest = manifests.find((each) => each.name === name);
    if (manifest === undefined) throw new Error(`npm packed ${name}, which nobody asked for`);
    requireComplete(
      manifest,
      files.map(({ path }) => path),
    );
    return { manifest, tarball: join(into, filename) };
  });
}

const manifestsOf = (folder: string): Manifest[] =>
  readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as Manifest);

function needed(all: readonly Manifest[], names: readonly string[]): Manifest[] {
  const found = new Map<string, Manifest>();
  const take = (name: string): void => {
    const manifest = all.find((each) => each.name === name);
    if (manifest === undefined || found.has(name)) return;
    found.set(name, manifest);
    for (const dependency of Object.keys(manifest.dependencies ?? {})) take(dependency);
  };
  for (const name of names) take(name);
  return [...found.values()];
}

/** Everything a package points at is in it, and nothing that nobody needs. The condition `@enishi/source` works in the repository alone. */
function requireComplete({ name, exports = {}, bin = {} }: Manifest, files: readonly string[]): void {
  const pointed = Object.values(exports).flatMap((conditions) =>
    Object.entries(conditions).flatMap(([condition, path]) => (condition === '@enishi/source' ? [] : [path])),
  );
  const missing = [...pointed, ...Object.values(bin)].map((path) => path.replace(/^\.\//, '')).filter((path) => !files.includes(path));
  if (missing.length > 0) throw new Error(`${name} is packed without ${missing.join(', ')}`);
  const surplus = files.filter((path) => /^(src|test)\/|\.tsbuildinfo$|(^|\/)node_modules\//.test(path));
  if (surplus.length > 0) throw new Error(`${name} is packed with ${surplus.slice(0, 5).join(', ')}`);
}
