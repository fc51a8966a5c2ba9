import { addressSuppressed, event, type Namespace } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { cardNumber, email, plain } from './normalise.ts';

const text = z.string().max(2000).optional();

/** Event types every workspace has. Their names stand for what the HTTP tracking API and the mutations can say without a plugin. */
export const builtinEvents = [
  event('enishi.identified', z.looseObject({}), { description: 'A source said who somebody is; what it learned came as traits.' }),
  event('enishi.page_viewed', z.looseObject({ name: text, category: text, url: text, path: text, title: text, referrer: text }), {
    description: 'A page of a web site was looked at.',
  }),
  event('enishi.screen_viewed', z.looseObject({ name: text, category: text }), { description: 'A screen of an app was looked at.' }),
  event('enishi.tracked', z.looseObject({ event: z.string().min(1).max(200) }), {
    description: 'Something a client tracks under a name no plugin has declared; the name is in `event`.',
  }),
  event('enishi.grouped', z.looseObject({ group_id: z.string().min(1).max(512) }), { description: 'Somebody belongs to a group.' }),
  event('enishi.linked', z.looseObject({}), { description: 'A source said that the identifiers of this event belong to one person.' }),
  event('enishi.consent_recorded', z.looseObject({}), { description: 'Somebody decided about the use of their data.' }),
  addressSuppressed,
] as const;

export const linked = builtinEvents[5];

const declare = (name: string, description: string, rest: Omit<Namespace, 'kind' | 'name' | 'description'>): Namespace => ({
  kind: 'namespace',
  name,
  description,
  ...rest,
});

/** Namespaces every workspace has. `phone` is completed with the workspace's country where it is used. */
export const builtinNamespaces: readonly Namespace[] = [
  declare('member', 'Member or loyalty-card number.', { priority: 10, limit: 1, normalise: cardNumber }),
  declare('user', "Account id of the company's own log-in.", { priority: 20, limit: 1, normalise: plain }),
  declare('email', 'E-mail address.', { priority: 40, limit: 5, normalise: email }),
  declare('phone', 'Telephone number, E.164.', { priority: 50, limit: 5, normalise: plain }),
  declare('anonymous', 'A browser or device nobody has logged in on yet.', { priority: 90, limit: 100, normalise: plain }),
];
