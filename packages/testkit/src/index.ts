export { backfillReaderOf, callerOf, readerOf, senderOf, sourceOf } from './calling.ts';
export { type Clock, clock } from './clock.ts';
export { createTestDatabase, type TestDatabase } from './database.ts';
export { changeNumber, deliveryNumber, recipientNumber } from './deliveries.ts';
export { createDesk, type DeskOptions, type Logged, type TestDesk } from './desk.ts';
export { createTestDomain, createTestWorkspace, type TestDomain, type TestDomainOptions } from './domain.ts';
export { createTestEnishi, type GraphqlAnswer, type TestEnishi, type TestEnishiOptions } from './enishi.ts';
export { connectLive, type LiveClient, type Subscription } from './live.ts';
export { type MailServer, type ReceivedMail, type Refusal, startMailServer } from './mail.ts';
export { instants, type Person, personNumber } from './people.ts';
export { databaseUrl, type EmbeddedServer, startPostgres } from './postgres.ts';
export { type RequestOptions, rawRequest, withBody, withHeaders } from './request.ts';
export {
  ecdsaKeys,
  type KeyPair,
  type Signer,
  sendSecret,
  sendSecretInForm,
  signedRequest,
  signHmac,
  signMetaForm,
  signSendGrid,
} from './signers.ts';
export { type SnsKeys, type SnsOptions, signSns, snsKeys } from './sns.ts';
export type { Taken } from './taking.ts';
export type { Fault, VendorAnswer, VendorRequest } from './vendor/answer.ts';
export { type Arrival, callHooks } from './vendor/calls.ts';
export type { FaultOptions } from './vendor/faults.ts';
export type { Route } from './vendor/routes.ts';
export { type FakeVendor, fakeVendor } from './vendor/vendor.ts';
