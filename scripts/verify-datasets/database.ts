import { randomBytes } from 'node:crypto';
import { migrate } from '@enishi/core';
import { databaseUrl, startPostgres } from '@enishi/testkit';
import pg from 'pg';

/** A migrated database of its own: on the server that `DATABASE_URL` names (its user must be allowed to create one), or on an embedded one. Gone afterwards. */
export async function openScratch(): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env.DATABASE_URL;
  const server = given
    ? { url: given, stop: async () => {} }
    : await startPostgres({ fsync: 'off', synchronous_commit: 'off', max_wal_size: '4GB' });
  const name = `enishi_verify_${randomBytes(6).toString('hex')}`;
  const onServer = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await onServer(`create database ${name}`);
  const url = databaseUrl(server.url, name);
  await migrate(url);
  return {
    url,
    stop: async () => {
      await onServer(`drop database if exists ${name} with (force)`);
      await server.stop();
    },
  };
}
