export { Database, type DatabaseOptions } from './db/database.ts';
export { type MigrationReport, migrate } from './db/migrate.ts';
export { type Sql, type Statement, statement } from './db/sql.ts';
