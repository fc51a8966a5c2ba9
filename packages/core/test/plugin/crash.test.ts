import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { loadBackfill, startBackfill, storeCall } from '@enishi/core';
import { expect, it } from 'vitest';
import { partnerSources } from './partner-sources.ts';
import { startVendor } from './vendor.ts';
import { createWorld } from './world.ts';

const script = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

/** Answers everything but the third page and the call, which it leaves hanging until it is mended. */
async function startPartner() {
  const asked: string[] = [];
  const stuck = new Set<string>();
  const allStuck = Promise.withResolvers<void>();
  const state = { mended: false };
  const vendor = await startVendor((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    if (!state.mended && (path.endsWith('/2') || path.startsWith('/call'))) {
      stuck.add(path);
      if (stuck.size === 3) allStuck.resolve();
      return;
    }
    const [, kind, number] = path.split('/');
    // A connection kept open would count as left behind by the test.
    response
      .setHeader('connection', 'close')
      .end(JSON.stringify({ ids: [`${kind}-${number}-a`, `${kind}-${number}-b`], more: Number(number) < 4 }));
  });
  return Object.assign(vendor, { asked, state, allStuck: allStuck.promise });
}

it('a worker killed in the middle of a call, a poll and a backfill loses nothing and counts nothing twice', async () => {
  await using partner = await startPartner();
  await using world = await createWorld(partnerSources(partner.url));
  const begun = new Date();
  const { id } = await startBackfill(world, 1, { source: 'place.history', options: {}, now: begun });
  const request = { method: 'POST', path: '/', query: {}, headers: {}, body: Buffer.from('{"id":"7"}') };
  await storeCall(world.database, 1, { source: 'place.calls', request, now: begun });

  const child = spawn(process.execPath, ['--conditions=@enishi/source', '--import', 'tsx', script, world.url, partner.url], {
    stdio: 'inherit',
  });
  const exited = once(child, 'exit');
  await Promise.race([partner.allStuck, exited]);
  child.kill('SIGKILL');
  await exited;
  const kept = await world.visits();
  expect(kept).toHaveLength(8);

  // Held by the dead process until its lease is over; then it goes on where the last transaction left off.
  partner.state.mended = true;
  world.pass((Date.now() - world.now().getTime()) / 1000);
  await world.settle();
  expect(await world.visits()).toHaveLength(8);
  world.pass(3600);
  await world.settle();
  const stored = (await world.visits()).map(({ at }) => at);
  expect(stored).toHaveLength(22);
  expect(new Set(stored).size).toBe(22);
  expect(partner.asked.filter((path) => path === '/page/1' || path === '/history/1')).toHaveLength(2);
  expect(await loadBackfill(world.database, 1, id)).toMatchObject({ status: 'DONE', read: 10 });
  expect(await world.database.query(1, 'select * from inbox where workspace_id = 1')).toEqual([]);
});
