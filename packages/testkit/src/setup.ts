import { randomBytes } from 'node:crypto';
import { migrate } from '@enishi/core';
import { dropDatabase, onServer } from './database.ts';
import { databaseUrl, startPostgres } from './postgres.ts';

/** Losing a test's data with the machine is fine, so nothing waits for the disk. */
const fast = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '2GB', autovacuum_naptime: '5s' };

/**
 * Vitest's `globalSetup`: one PostgreSQL for the whole run and one migrated database in it, which each test file
 * clones. `ENISHI_TEST_DATABASE_URL` names another server (PostgreSQL 15 or later, a user who may create databases and roles).
 */
export async function setup(): Promise<() => Promise<void>> {
  const given = process.env.ENISHI_TEST_DATABASE_URL;
  const server = given ? { url: given, stop: async () => {} } : await startPostgres(fast);
  const template = `enishi_template_${randomBytes(6).toString('hex')}`;
  try {
    await onServer(server.url, (client) => client.query(`create database ${template} encoding 'UTF8' template template0`));
    await migrate(databaseUrl(server.url, template));
  } catch (error) {
    await server.stop();
    throw error;
  }
  process.env.ENISHI_TEST_SERVER = server.url;
  process.env.ENISHI_TEST_TEMPLATE = template;
  return async () => {
    await onServer(server.url, (client) => dropDatabase(client, template));
    await server.stop();
  };
}
