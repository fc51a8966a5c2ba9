import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { defaultSocketLimits } from '@enishi/api';
import { expect, it } from 'vitest';
import { createWorld } from './world.ts';

const document = readFileSync(resolve(import.meta.dirname, '../../../../docs/live-segments.md'), 'utf8');

it('the example in docs/live-segments.md runs as it is printed', async () => {
  await using world = await createWorld();
  await world.rank('gold', 'ann', 'bob');
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(document) ?? [];
  const program = code.replace('ws://localhost:4000', world.url.replace('http', 'ws')).replace('segment: "vip"', 'segment: "gold"');
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: import.meta.dirname,
    env: { ...process.env, ENISHI_KEY: await world.domain.key('marketer') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('2 members');
  } finally {
    child.kill('SIGKILL');
  }
});

it('docs/live-segments.md states the limits there are', () => {
  const { sockets, subscriptions, payload, buffered, init, ping, recheck, heartbeat } = defaultSocketLimits;
  const rows = [
    `| sockets per process | ${sockets.toLocaleString('en')} |`,
    `| subscriptions per socket | ${subscriptions} |`,
    `| message from a client | ${payload / 1024} KiB |`,
    `| waiting for one client before \`RESUME\` | ${buffered / 1_048_576} MiB |`,
    `| time for \`connection_init\` | ${init / 1000} s |`,
    `| ping | every ${ping / 1000} s |`,
    `| look at the key | every ${recheck / 1000} s |`,
    `| heartbeat, where asked for | after ${heartbeat / 1000} s of quiet |`,
  ];
  for (const row of rows) expect(document).toContain(row);
});
