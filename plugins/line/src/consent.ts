import type { ConsentDecision } from '@enishi/plugin-sdk';
import type { Settings } from './settings.ts';

/** What the destinations of this plugin send for. */
export const sendingPurposes = ['service', 'marketing', 'advertising'] as const;

interface Grant extends Pick<Settings['follow'], 'purposes' | 'notice'> {
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Who adds the account asks to hear from it: service messages. For more the settings must say that people were told. */
export const givenByFollowing = ({ purposes, notice, evidence }: Grant): ConsentDecision[] =>
  [...new Set(['service', ...purposes])].map((purpose) => ({
    purpose,
    channel: 'line',
    state: 'GIVEN',
    evidence: { ...evidence, ...(notice === undefined ? {} : { notice }) },
  }));

/** Who blocks the account wants nothing more by this channel, whatever it is for. Unblocking gives back only what following gives. */
export const withdrawnByBlocking = ({ purposes, evidence }: Grant): ConsentDecision[] =>
  [...new Set([...sendingPurposes, ...purposes])].map((purpose) => ({ purpose, channel: 'line', state: 'WITHDRAWN', evidence }));
