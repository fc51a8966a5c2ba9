export { type Obstacle, obstacles } from './admission/admit.ts';
export { type Consents, consentAllows, consentRefusal } from './admission/allowed.ts';
export {
  type DeliveryExplanation,
  type DeliveryStep,
  type ExplainRequest,
  explainDelivery,
  type StepKind,
  stepKinds,
} from './admission/explain.ts';
export { type Cap, type DeliveryPolicy, InvalidDeliveryPolicy } from './admission/policy.ts';
export { listDeliveryPolicies, removeDeliveryPolicy, setDeliveryPolicy } from './admission/policy-store.ts';
export type { QuietHours } from './admission/quiet.ts';
export { liftSuppression, listSuppressed, type SuppressedAddress, type SuppressionPage } from './admission/suppression.ts';
export { followAudiences } from './audience/follow.ts';
export { syncAudience } from './audience/sync.ts';
export { backoffSeconds, defaultRetry, type RetryPolicy } from './backoff.ts';
export type { OpensDesks } from './desk.ts';
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
} from './log/list.ts';
export { deliveryLog, type LoggedAttempt, type LogPage, type LogRequest, longestWatchMinutes, watchDestination } from './log/log.ts';
export { followDeliveryLog } from './log/log-follow.ts';
export { replayDeliveries } from './log/replay.ts';
export type { WireCall } from './log/wire.ts';
export { type PlannedTransition, planDeliveries } from './program/plan.ts';
export { type DeliveryPreview, type PreviewRequest, previewDelivery } from './program/preview.ts';
export { InvalidProgram, type ProgramInput, type ProgramRecord, type Trigger, triggers } from './program/program.ts';
export { listPrograms, loadProgram, type Programs, saveProgram, setProgramActive } from './program/program-store.ts';
export type { Decision } from './send/decide.ts';
export { requestErasure } from './send/erase.ts';
export { DeliveryWorker, type DeliveryWorkerOptions } from './send/worker.ts';
