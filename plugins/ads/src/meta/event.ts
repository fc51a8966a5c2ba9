import type { Delivery, Recipient } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { rawValues, type Telling, tell, type WhereKnown, whereKnown } from '../person.ts';
import type { MetaSettings } from '../settings.ts';
import { isLimited } from './rows.ts';

/** Said by the message, or found in the event that caused it, or known of the person. */
const from = <TValue extends z.ZodType>(value: TValue) => z.union([value, z.strictObject({ property: z.string().min(1) }), whereKnown]);
type Said = string | number | boolean | { readonly property: string } | WhereKnown;
const text = z.string().min(1).max(500);

/** Where a conversion happens, in Meta's words. */
const actionSources = [
  'website',
  'app',
  'email',
  'phone_call',
  'chat',
  'physical_store',
  'system_generated',
  'business_messaging',
  'other',
] as const;

/** What a program holds for `ads.conversions`. */
export const conversion = z
  .strictObject({
    event: text.describe('Standard name, such as Purchase or CompleteRegistration, or one of your own.'),
    actionSource: z.enum(actionSources),
    sourceUrl: from(z.url()).optional().describe('The page it happened on; needed for website.'),
    eventId: from(text).optional().describe("The id your pixel sends too. Default: the event's own id here."),
    value: from(z.number()).optional().describe('In major units of the currency.'),
    currency: from(z.string().regex(/^[A-Z]{3}$/))
      .optional()
      .describe('ISO 4217.'),
    orderId: from(text).optional(),
    custom: z
      .record(z.string().min(1), from(z.union([z.string(), z.number(), z.boolean()])))
      .default({})
      .describe('More of custom_data.'),
  })
  .superRefine((given, context) => {
    const needed = given.event === 'Purchase' ? (['value', 'currency'] as const) : [];
    for (const name of needed.filter((each) => given[each] === undefined))
      context.addIssue({ code: 'custom', path: [name], message: 'Meta refuses a Purchase without it' });
    if (given.actionSource === 'website' && given.sourceUrl === undefined)
      context.addIssue({ code: 'custom', path: ['sourceUrl'], message: 'Meta wants the page of what happened on a website' });
  });
export type Conversion = z.output<typeof conversion>;

export type MetaEvent = Readonly<Record<string, unknown>>;

export interface EventTelling {
  readonly telling: Telling;
  readonly oldestDays: number;
  readonly limitedDataUse: MetaSettings['limitedDataUse'];
  readonly now: Date;
}

const dayMs = 86_400_000;

/** The event as Meta takes it, or the sentence that says why it would refuse it: one bad event fails everything sent with it. */
export function eventOf(delivery: Delivery<Conversion>, { telling, oldestDays, limitedDataUse, now }: EventTelling): MetaEvent | string {
  const { message, recipient, cause } = delivery;
  const at = cause.event?.at ?? cause.at ?? now;
  if (now.getTime() - at.getTime() > oldestDays * dayMs) return `it happened more than ${oldestDays} days ago, on ${at.toISOString()}`;
  const told = tell(recipient, telling);
  const userData = Object.fromEntries([...told].map(([name, values]) => [name, singles.has(name) ? values[0] : values]));
  if (told.size === 0 || [...told.keys()].every((name) => name === 'country')) return 'the customer has nothing that Meta could match';
  if (message.actionSource === 'website' && userData.client_user_agent === undefined)
    return 'Meta wants the browser (userAgent) of what happened on a website, and it is not known';
  const say = (source: Said | undefined): unknown => said(source, delivery);
  const value = numberOf(say(message.value));
  const currency = textOf(say(message.currency))?.toUpperCase();
  if (message.event === 'Purchase' && (value === undefined || !/^[A-Z]{3}$/.test(currency ?? '')))
    return 'Meta refuses a Purchase without value and currency, and they are not known';
  const custom = Object.entries(message.custom).map(([name, source]) => [name, say(source)]);
  return present({
    event_name: message.event,
    event_time: Math.floor(Math.min(at.getTime(), now.getTime()) / 1000),
    event_id: textOf(say(message.eventId)) ?? cause.event?.id ?? delivery.id,
    action_source: message.actionSource,
    event_source_url: textOf(say(message.sourceUrl)),
    user_data: userData,
    custom_data: present({ ...Object.fromEntries(custom), value, currency, order_id: textOf(say(message.orderId)) }),
    ...optionsOf(recipient, limitedDataUse),
  });
}

/** What a browser made is one value, not a list. */
const singles = new Set(['fbc', 'fbp', 'client_ip_address', 'client_user_agent', 'madid']);

function optionsOf(recipient: Recipient, limited: MetaSettings['limitedDataUse']): Readonly<Record<string, unknown>> {
  if (limited === undefined) return {};
  if (!isLimited(recipient, limited)) return { data_processing_options: [] };
  return {
    data_processing_options: ['LDU'],
    data_processing_options_country: limited.country,
    data_processing_options_state: limited.state,
  };
}

function said(source: Said | undefined, { cause, recipient }: Delivery<Conversion>): unknown {
  if (typeof source !== 'object') return source;
  return 'property' in source ? cause.event?.properties[source.property] : rawValues(recipient, source)[0];
}

const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
};
const textOf = (value: unknown): string | undefined =>
  typeof value === 'number' ? String(value) : typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

const present = (entries: Readonly<Record<string, unknown>>): MetaEvent =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined && value !== null));
