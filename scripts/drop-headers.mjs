// The pinned Node comes with 67 MB of headers for compiling native addons. Nothing here is compiled, so a checkout
// need not carry them; whoever builds an addon against this Node gets them back with `npm rebuild node`.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const folder = 'node_modules/node/node_modules';
for (const name of existsSync(folder) ? readdirSync(folder) : []) rmSync(join(folder, name, 'include'), { recursive: true, force: true });
