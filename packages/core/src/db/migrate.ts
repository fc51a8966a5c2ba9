import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import { entities } from './entities/index.ts';
import { Foundation } from './migrations/0001-foundation.ts';
import { Plugins } from './migrations/0002-plugins.ts';
import { DeliveryEngine } from './migrations/0003-delivery.ts';
import { ComputedTraits } from './migrations/0004-computed-traits.ts';
import { Holdout } from './migrations/0005-holdout.ts';

export interface MigrationReport {
  readonly applied: readonly string[];
}

/** Brings a database to the newest schema, as its owner. Safe to call at every start: one process migrates, the others wait. */
export async function migrate(url: string): Promise<MigrationReport> {
  const orm = await MikroORM.init({
    clientUrl: url,
    entities,
    extensions: [Migrator],
    pool: { min: 0, max: 2 },
    // The report is the answer; lines of the ORM's own on standard output would break the structured log.
    logger: () => {},
    migrations: {
      migrationsList: [Foundation, Plugins, DeliveryEngine, ComputedTraits, Holdout],
      transactional: true,
      snapshot: false,
      disableForeignKeys: false,
    },
  });
  try {
    return await orm.em.transactional(async (em) => {
      await em.execute(`select pg_advisory_xact_lock(hashtext('enishi.migrate'))`);
      const applied = await orm.migrator.up();
      return { applied: applied.map(({ name }) => name) };
    });
  } finally {
    await orm.close(true);
  }
}
