import { startPostgres } from '../../packages/testkit/src/postgres.ts';

/** A PostgreSQL of its own with its data safe on disk: a benchmark without durability would measure something nobody may run. */
export const durablePostgres = () =>
  startPostgres({
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    shared_buffers: '1GB',
    max_wal_size: '8GB',
    // A database that has run for a while writes into old files; making new ones costs what no day of its life does.
    min_wal_size: '2GB',
    jit: 'off',
    random_page_cost: '1.1',
    autovacuum_naptime: '30s',
  });
