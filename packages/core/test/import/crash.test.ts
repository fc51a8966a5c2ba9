import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createWorld, visitsText } from './world.ts';

it('killed in the middle, it loses no acknowledged event and repeats none', async () => {
  await using world = await createWorld();
  const path = await world.write('visits.txt', visitsText(5000));
  let acknowledged = { items: 0, stored: 0 };
  for (const killAt of [500, 1700, 3200]) {
    const child = fork(join(import.meta.dirname, 'importer.ts'), [world.url, path], {
      execArgv: ['--conditions=@enishi/source', '--import', 'tsx'],
    });
    child.on('message', (progress: typeof acknowledged | 'finished') => {
      if (progress === 'finished') throw new Error('it came to the end before it could be killed');
      acknowledged = progress;
      if (progress.items >= killAt) child.kill('SIGKILL');
    });
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
    expect(await world.count('event')).toBeGreaterThanOrEqual(acknowledged.stored);
  }
  const report = await world.import(path);
  expect(report.finished).toBe(true);
  expect(report.resumedAt).toBeGreaterThanOrEqual(acknowledged.items);
  expect(report.items).toBe(5000);
  expect(report.accepted + report.duplicate).toBe(4950);
  expect([await world.count('event'), await world.count('event_key'), await world.count('customer')]).toEqual([4950, 4950, 50]);
});
