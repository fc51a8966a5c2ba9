export { type Obstacle, obstacles } from './admit.ts';
export { type Consents, consentAllows, consentRefusal } from './allowed.ts';
export { backoffSeconds, defaultRetry, type RetryPolicy } from './backoff.ts';
export type { Decision } from './decide.ts';
export type { OpensDesks } from './desk.ts';
export {
  type DestinationRecord,
  type Destinations,
  listDestinations,
  pauseDestination,
  registerDestinations,
  resumeDestination,
} from './destination.ts';
export { requestErasure } from './erase.ts';
export { type DeliveryExplanation, type DeliveryStep, type ExplainRequest, explainDelivery, type StepKind, stepKinds } from './explain.ts';
export { followAudiences } from './follow.ts';
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
export { deliveryLog, type LoggedAttempt, type LogPage, type LogRequest, longestWatchMinutes, watchDestination } from './log.ts';
export { followDeliveryLog } from './log-follow.ts';
export { type PlannedTransition, planDeliveries } from './plan.ts';
export { type Cap, type DeliveryPolicy, InvalidDeliveryPolicy } from './policy.ts';
export { listDeliveryPolicies, removeDeliveryPolicy, setDeliveryPolicy } from './policy-store.ts';
export { type DeliveryPreview, type PreviewRequest, previewDelivery } from './preview.ts';
export { InvalidProgram, type ProgramInput, type ProgramRecord, type Trigger, triggers } from './program.ts';
export { listPrograms, loadProgram, type Programs, saveProgram, setProgramActive } from './program-store.ts';
export type { QuietHours } from './quiet.ts';
export { replayDeliveries } from './replay.ts';
export { liftSuppression, listSuppressed, type SuppressedAddress, type SuppressionPage } from './suppression.ts';
export { syncAudience } from './sync.ts';
export type { WireCall } from './wire.ts';
export { DeliveryWorker, type DeliveryWorkerOptions } from './worker.ts';
