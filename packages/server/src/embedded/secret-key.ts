import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The key that secrets of plugins are encrypted under, kept beside the embedded database's data: made by whoever comes first. */
export async function secretKeyIn(folder: string): Promise<string> {
  const file = join(folder, 'secret-key');
  const made = `${randomBytes(32).toString('base64url')}\n`;
  await writeFile(file, made, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return (await readFile(file, 'utf8')).trim();
}
