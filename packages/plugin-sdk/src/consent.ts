import { z } from 'zod';

/** The name of a purpose or channel, for settings that take one. It holds no stroke: where the two are a key, a stroke joins them. */
export const consentWord = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[^/]*$/, 'holds no stroke');

/** What data is used for. The named ones are built in; a workspace may add its own words. */
export type Purpose = 'service' | 'analytics' | 'marketing' | 'advertising' | 'personalisation' | (string & {});

/** How a person is reached: `email`, `line`, `sms`, `push`, `phone`, `post`, or `*` for every channel. */
export type Channel = 'email' | 'line' | 'sms' | 'push' | 'phone' | 'post' | 'ads' | '*' | (string & {});

export type ConsentState = 'GIVEN' | 'REFUSED' | 'WITHDRAWN';

/** A decision a person made about the use of their data, as a source saw it. */
export interface ConsentDecision {
  readonly purpose: Purpose;
  readonly channel: Channel;
  /** The data it is about, such as `basic` or `friends`; default `*`, all of it. */
  readonly scope?: string;
  readonly state: ConsentState;
  /** What proves it: the notice's version, its wording's hash, the screen or form. Kept for ever with the record. */
  readonly evidence?: Readonly<Record<string, unknown>>;
}
