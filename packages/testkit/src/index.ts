export { createTestDatabase, type TestDatabase } from './database.ts';
export { databaseUrl, type EmbeddedServer, startPostgres } from './postgres.ts';
