import type { Registry, Submission } from '@enishi/core';
import type { ConsentDecision } from '@enishi/plugin-sdk';
import { correctedTime } from './clock.ts';

/** One message of the tracking API as it came: nothing in it is trusted. */
export type Message = Readonly<Record<string, unknown>>;

export const messageTypes = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
export type MessageType = (typeof messageTypes)[number];

export interface Reception {
  readonly registry: Registry;
  readonly receivedAt: Date;
  /** When the client sent the batch, by its own clock. */
  readonly sentAt?: unknown;
}

/** Says one message of the tracking API in the words of the line. What is wrong with it, the line finds and quarantines. */
export function submissionOf(message: Message, type: string, reception: Reception): Submission {
  const id = text(message.messageId);
  const { traits, consents } = { traits: traitsOf(message, type), consents: consentsOf(message) };
  return {
    ...(id === undefined ? {} : { id }),
    ...said(message, type, reception.registry),
    at: correctedTime(message, reception),
    identifiers: identifiersOf(message, type),
    ...(Object.keys(traits).length === 0 ? {} : { traits }),
    ...(consents.length === 0 ? {} : { consents }),
    context: contextOf(message),
  };
}

/** The event type and its properties. */
function said(message: Message, type: string, registry: Registry): Pick<Submission, 'type' | 'properties'> {
  const properties = record(message.properties);
  switch (type) {
    case 'identify':
      return { type: 'enishi.identified', properties: {} };
    case 'track': {
      const known = typeof message.event === 'string' ? registry.trackedAs(message.event) : undefined;
      return known === undefined
        ? { type: 'enishi.tracked', properties: { ...properties, event: message.event } }
        : { type: known.eventName, properties };
    }
    case 'page':
      return { type: 'enishi.page_viewed', properties: shortened({ ...pageOf(message), ...properties, ...named(message) }) };
    case 'screen':
      return { type: 'enishi.screen_viewed', properties: { ...properties, ...named(message) } };
    case 'group':
      // Traits of a group describe the group, so they stay with the event and out of the customer.
      return { type: 'enishi.grouped', properties: { group_id: identifier(message.groupId), traits: record(message.traits) } };
    case 'alias':
      return { type: 'enishi.linked', properties: {} };
    default:
      // The line knows no such type and quarantines it with everything that came.
      return { type: `tracking.${type || 'untyped'}`, properties: { ...message } };
  }
}

const named = ({ name, category }: Message) => ({
  ...(name === undefined || name === null ? {} : { name }),
  ...(category === undefined || category === null ? {} : { category }),
});

function pageOf(message: Message): Record<string, unknown> {
  const { url, path, title, referrer } = record(record(message.context).page);
  return Object.fromEntries(Object.entries({ url, path, title, referrer }).filter(([, value]) => typeof value === 'string'));
}

const longest = 2000;

/** An address with a long query is no reason to lose the page view. */
const shortened = (properties: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      key,
      typeof value === 'string' && addresses.has(key) ? value.slice(0, longest) : value,
    ]),
  );
const addresses = new Set(['url', 'path', 'referrer', 'title', 'search']);

/** E-mail and phone identify only where they are the person's own traits: in properties they may be anybody's. */
function identifiersOf(message: Message, type: string): Record<string, unknown> {
  const traits = personTraits(message, type);
  const anonymous = type === 'alias' ? (message.previousId ?? message.anonymousId) : message.anonymousId;
  return present({
    user: identifier(message.userId),
    anonymous: identifier(anonymous),
    email: identifier(traits.email),
    phone: identifier(traits.phone),
  });
}

const traitsOf = (message: Message, type: string): Record<string, unknown> => present(personTraits(message, type));

const personTraits = (message: Message, type: string): Record<string, unknown> => ({
  ...record(record(message.context).traits),
  ...(type === 'identify' ? record(message.traits) : {}),
});

/** `context.consent.categoryPreferences`: `{ "Advertising": true, "Analytics": false }`, one purpose each, for every channel. */
function consentsOf(message: Message): ConsentDecision[] {
  const preferences = record(record(record(message.context).consent).categoryPreferences);
  return Object.entries(preferences).flatMap(([category, given]) =>
    typeof given === 'boolean'
      ? [
          {
            purpose: category.trim().toLowerCase().replace(/\W+/g, '_'),
            channel: '*',
            state: given ? ('GIVEN' as const) : ('REFUSED' as const),
            evidence: { from: 'context.consent.categoryPreferences', category },
          },
        ]
      : [],
  );
}

function contextOf(message: Message): Record<string, unknown> {
  const { traits: _traits, consent: _consent, ...context } = record(message.context);
  const integrations = record(message.integrations);
  return Object.keys(integrations).length === 0 ? context : { ...context, integrations };
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

const present = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null));

/** Ids come as numbers from clients that never read the specification. */
const identifier = (value: unknown): unknown => (typeof value === 'number' && Number.isFinite(value) ? String(value) : value);

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
