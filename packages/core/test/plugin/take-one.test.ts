import { startBackfill, storeCall } from '@enishi/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeCall } from '../../src/plugin/inbox.ts';
import { takeReading } from '../../src/plugin/reading.ts';
import { partnerSources } from './partner-sources.ts';
import { createWorld } from './world.ts';

let world: Awaited<ReturnType<typeof createWorld>>;
beforeAll(async () => {
  world = await createWorld(partnerSources('http://localhost:1'));
});
afterAll(() => world[Symbol.asyncDispose]());

const many = Array.from({ length: 6 }, (_, index) => index);
const held = async (table: 'reading' | 'inbox', until: Date): Promise<number> =>
  (await world.database.query(1, `select id from ${table} where workspace_id = 1 and due_at = $1`, [until])).length;

describe('however many wait, whoever takes one holds that one alone', () => {
  it('of backfills', async () => {
    const now = new Date();
    for (const _ of many) await startBackfill(world, 1, { source: 'place.history', options: {}, now });
    for (const index of many) {
      const until = new Date(now.getTime() + 60_000 + index);
      expect(await takeReading(world.database, 1, { source: 'place.history', now, until })).toBeDefined();
      expect(await held('reading', until)).toBe(1);
    }
    expect(await takeReading(world.database, 1, { source: 'place.history', now, until: now })).toBeUndefined();
  });

  it('of calls', async () => {
    const now = new Date();
    const request = { method: 'POST', path: '/', query: {}, headers: {}, body: Buffer.from('{"id":"7"}') };
    for (const _ of many) await storeCall(world.database, 1, { source: 'place.calls', request, now });
    for (const index of many) {
      const until = new Date(now.getTime() + 60_000 + index);
      expect(await takeCall(world.database, 1, { source: 'place.calls', now, until })).toBeDefined();
      expect(await held('inbox', until)).toBe(1);
    }
    expect(await takeCall(world.database, 1, { source: 'place.calls', now, until: now })).toBeUndefined();
  });
});
