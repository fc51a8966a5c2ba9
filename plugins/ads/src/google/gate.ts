import type { Desk, Outcome, Recipient } from '@enishi/plugin-sdk';
import type { GoogleSettings } from '../settings.ts';
import { consentOf } from './member.ts';

const openKey = 'google.open-segment';
const dayInSeconds = 86_400;

/**
 * Who may be in a list. A decision by person is a trait, and the host follows segments and its own consents but no trait of ours:
 * only where the rule of the program's segment holds the trait does a later no take somebody out, and a later yes let them in. That
 * somebody was asked in who denies shows that the rule lacks it; it is said in the delivery, the log and, for a day, the health check.
 */
export function consentGate({ consent }: Pick<GoogleSettings, 'consent'>) {
  const trait = typeof consent.adUserData === 'string' ? undefined : consent.adUserData.trait;
  const missing = (segment: string): string => `put the trait "${trait}" into the rule of the segment "${segment}"`;
  return {
    allows: (recipient: Recipient): boolean => consentOf(recipient, consent).adUserData === 'CONSENT_GRANTED',
    /** What becomes of somebody who denies and was asked in by this segment. */
    refusal: (segment: string): Outcome => {
      const reason = 'no consent to adUserData: not sent, and taken out of the list';
      return {
        status: 'rejected',
        reason: trait === undefined ? reason : `${reason}; ${missing(segment)}, or later decisions are not followed`,
      };
    },
    /** Somebody who denies was asked in by this segment, if there is one. */
    note: async (segment: string | undefined, desk: Desk): Promise<void> => {
      if (trait === undefined || segment === undefined) return;
      desk.log.warn('A segment lets in people who deny adUserData', { segment, trait });
      await desk.state.set(openKey, segment, { forSeconds: dayInSeconds });
    },
    /** A sentence where a segment lets people in who deny. */
    check: async (desk: Desk): Promise<string | undefined> => {
      const segment = trait === undefined ? undefined : await desk.state.get<string>(openKey);
      return segment === undefined
        ? undefined
        : `People who deny adUserData are asked in: ${missing(segment)}, or whoever denies later stays in the list`;
    },
  };
}
