export { createTestDatabase, type TestDatabase } from './database.ts';
export { createDesk, type DeskOptions, type Logged, type TestDesk } from './desk.ts';
export { createTestDomain, createTestWorkspace, type TestDomain, type TestDomainOptions } from './domain.ts';
export { createTestEnishi, type GraphqlAnswer, type TestEnishi, type TestEnishiOptions } from './enishi.ts';
export { connectLive, type LiveClient, type Subscription } from './live.ts';
export { type MailServer, type ReceivedMail, type Refusal, startMailServer } from './mail.ts';
export { instants, type Person, personNumber } from './people.ts';
export { databaseUrl, type EmbeddedServer, startPostgres } from './postgres.ts';
