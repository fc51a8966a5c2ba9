export type { Channel, ConsentDecision, ConsentState, Purpose } from './consent.ts';
export {
  type Delivery,
  type Destination,
  type DestinationSpec,
  destination,
  type Outcome,
  outcomeOf,
  type Recipient,
} from './destination.ts';
export { type Draft, type EventDraft, type EventOptions, type EventType, event } from './event.ts';
export { type Identifiers, type Namespace, type NamespaceOptions, namespace } from './identifier.ts';
export {
  type AnyEventType,
  type AnyTrait,
  definePlugin,
  type Host,
  type Parts,
  type Plugin,
  PluginConfigError,
  type PluginSpec,
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
export { all, any, did, never, not, type SegmentDefinition, segment, where } from './segment.ts';
export {
  type FileInput,
  type FileItem,
  type FileSource,
  type FileSpec,
  file,
  hmacSignature,
  type Page,
  type RawRequest,
  type SignatureOptions,
  type Source,
  UnusableFile,
  type WebhookSource,
  type WebhookSpec,
  webhook,
} from './source.ts';
export { type Survivorship, type Trait, type TraitOptions, type TraitValue, trait } from './trait.ts';
