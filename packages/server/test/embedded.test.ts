import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedDatabase, startEmbedded } from '../src/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enishi-embedded-'));
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function connect({ url }: EmbeddedDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

describe('the PostgreSQL that runs along', () => {
  it('keeps its data, is shared by those who come while it runs, and is stopped by the last one out', async () => {
    const home = join(folder, 'data');
    const first = await startEmbedded({ folder: home });
    const writing = await connect(first);
    await writing.query('create table kept (word text)');
    await writing.query(`insert into kept values ('縁')`);

    const second = await startEmbedded({ folder: home });
    expect([first.shared, second.shared, second.url]).toEqual([false, true, first.url]);
    const reading = await connect(second);
    await writing.end();
    await first.stop();
    expect((await reading.query('select word from kept')).rows).toEqual([{ word: '縁' }]);
    await reading.end();
    await second.stop();
    await expect(connect(second)).rejects.toMatchObject({ code: 'ECONNREFUSED' });

    const again = await startEmbedded({ folder: home });
    const client = await connect(again);
    client.on('error', () => {});
    expect((await client.query('select word from kept')).rows).toEqual([{ word: '縁' }]);
    await again.stop({ force: true });
    await expect(connect(again)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('says what PostgreSQL said when it does not start', async () => {
    await expect(startEmbedded({ folder: join(folder, 'broken'), settings: { shared_buffers: 'much' } })).rejects.toThrow(
      /did not start[\s\S]*shared_buffers/,
    );
  });
});
