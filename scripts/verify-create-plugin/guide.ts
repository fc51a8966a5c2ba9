import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Puts what docs/write-a-plugin.md prints in the place of what the template wrote, as a reader of it does. */
export function followGuide(root: string, folder: string): string[] {
  const guide = readFileSync(join(root, 'docs/write-a-plugin.md'), 'utf8');
  const blocks = [...guide.matchAll(/^```ts (\S+\.ts)\n([\s\S]*?)^```$/gm)];
  for (const part of ['src', 'test']) if (existsSync(join(folder, part))) rmSync(join(folder, part), { recursive: true });
  return blocks.map(([, file = '', body = '']) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), body);
    return file;
  });
}
