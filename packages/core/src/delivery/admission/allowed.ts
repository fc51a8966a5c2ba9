import type { Channel, ConsentState, Purpose } from '@enishi/plugin-sdk';

/** A customer's decisions in force, by `purpose/channel`; `purpose/*` speaks for every channel. */
export type Consents = Readonly<Record<string, { readonly state: ConsentState } | undefined>>;

/**
 * Why consent forbids using this channel for this purpose, or `undefined` where it allows it. A refusal or withdrawal
 * wins at either level, so that "nothing from you at all" is not undone by an older yes to one channel. `service`
 * (what a contract needs) goes without consent unless it was refused. The same decision as `consent_refusal()` in SQL.
 */
export function consentRefusal(consents: Consents, purpose: Purpose, channel: Channel): string | undefined {
  const levels = [`${purpose}/${channel}`, `${purpose}/*`];
  const states = levels.map((level) => ({ level, state: consents[level]?.state }));
  const refused = states.find(({ state }) => state === 'REFUSED' || state === 'WITHDRAWN');
  if (refused) return `consent ${refused.state?.toLowerCase()}: ${refused.level}`;
  if (purpose === 'service' || states.some(({ state }) => state === 'GIVEN')) return undefined;
  return `no consent: ${levels[0]}`;
}

/** Whether the decisions in force allow using this channel for this purpose. */
export const consentAllows = (consents: Consents, purpose: Purpose, channel: Channel): boolean =>
  consentRefusal(consents, purpose, channel) === undefined;
