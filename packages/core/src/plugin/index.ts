export {
  accountLinkSource,
  beginJourney,
  findJourney,
  type Journey,
  type JourneyKey,
  type JourneyRequest,
  journeyMinutes,
  takeJourney,
  workspaceOfState,
} from './account-links.ts';
export {
  type Backfill,
  type BackfillRequest,
  backfillNote,
  backfillSource,
  cancelBackfill,
  listBackfills,
  loadBackfill,
  resumeBackfill,
  startBackfill,
} from './backfills.ts';
export { type Call, callMemoryDays, claimCall, finishCall, releaseCall } from './calls.ts';
export { Desks, type DesksOptions, type PluginNote } from './desks.ts';
export { type SourceHealth, sourceHealth } from './health.ts';
export { inTime, TookTooLong } from './in-time.ts';
export { type CallToStore, storeCall } from './inbox.ts';
export { type GivenUpCall, listGivenUpCalls, replayCalls } from './inbox-desk.ts';
export { publicState } from './public-state.ts';
export { readPage } from './read-page.ts';
export { type HeldReading, type ReadingStatus, takeReading } from './reading.ts';
export { heldUntil, type PluginWork, type WorkOutcome } from './work.ts';
export { PluginWorker, type PluginWorkerOptions } from './worker.ts';
