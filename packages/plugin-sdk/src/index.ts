export { type AccountLinkSource, accountLink, type Connected, type Departure } from './account-link.ts';
export { AskRefused, askJson, type Question } from './ask.ts';
export { type ChangesSpec, pollChanges, type Stretch } from './changes.ts';
export { type Command, type CommandSpec, command } from './command.ts';
export {
  type Amount,
  type Computation,
  type ComputedTrait,
  ComputedTraitError,
  type ComputedTraitOptions,
  computedTrait,
  type Moment,
  type NumberPath,
} from './computed-trait.ts';
export { type Channel, type ConsentDecision, type ConsentState, consentWord, type Purpose } from './consent.ts';
export { ComeBackLater, type Desk, GiveUp, HostRefused, hostOf, type Log, type StateStore } from './desk.ts';
export {
  type AudienceChange,
  type AudienceDestination,
  type AudienceSpec,
  audience,
  type Delivery,
  type DeliveryCause,
  type Destination,
  destination,
  type MessageDestination,
  type MessageSpec,
  type Preview,
  type RateLimit,
  type Recipient,
} from './destination.ts';
export { type Draft, type EventDraft, type EventOptions, type EventType, event } from './event.ts';
export { type FileInput, type FileItem, type FileSource, type FileSpec, file, UnusableFile } from './file.ts';
export { type Identifiers, type Namespace, type NamespaceOptions, namespace } from './identifier.ts';
export { decimalPlaces } from './money.ts';
export { type Outcome, outcomeOf } from './outcome.ts';
export { type BackfillSource, type BackfillSpec, backfill, type Pageful, type PollSource, type PollSpec, poll } from './pages.ts';
export {
  type AnyEventType,
  type AnyTrait,
  definePlugin,
  type Host,
  type Parts,
  type Plugin,
  PluginConfigError,
  type PluginSpec,
  sdkVersion,
  secret,
} from './plugin.ts';
export {
  type ConsentRule,
  durationPattern,
  type EventRule,
  type Filter,
  type IdentityRule,
  type Rule,
  ruleSchema,
  type TraitRule,
} from './rule.ts';
export { type DataScope, type PurposeDefinition, purpose, scope } from './scope.ts';
export { all, any, did, never, not, type SegmentDefinition, segment, where } from './segment.ts';
export type { Source } from './source.ts';
export { addressSuppressed } from './suppression.ts';
export { type Survivorship, type Trait, type TraitOptions, type TraitValue, trait } from './trait.ts';
export { keptAside, type Message, shaped, Unreadable, unreadable } from './unreadable.ts';
export {
  hmacSignature,
  type Page,
  type RawRequest,
  type SignatureOptions,
  sameSecret,
  type WebhookOptions,
  type WebhookSource,
  type WebhookSpec,
  webhook,
} from './webhook.ts';
