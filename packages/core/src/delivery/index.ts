export { type Consents, consentAllows, consentRefusal } from './allowed.ts';
export { backoffSeconds, defaultRetry, type RetryPolicy } from './backoff.ts';
export type { Decision } from './decide.ts';
export {
  type DestinationRecord,
  type Destinations,
  listDestinations,
  pauseDestination,
  registerDestinations,
  resumeDestination,
} from './destination.ts';
export {
  type AttemptRecord,
  type DeliveryFilter,
  type DeliveryPage,
  type DeliveryRecord,
  type DeliveryStatus,
  deliveryStatuses,
  listDeliveries,
  loadDelivery,
} from './list.ts';
export { type PlannedTransition, planDeliveries } from './plan.ts';
export { InvalidProgram, type ProgramInput, type ProgramRecord, type Trigger, triggers } from './program.ts';
export { listPrograms, loadProgram, type Programs, saveProgram, setProgramActive } from './program-store.ts';
export { replayDeliveries } from './replay.ts';
export { DeliveryWorker, type DeliveryWorkerOptions } from './worker.ts';
