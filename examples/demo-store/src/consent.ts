import type { ConsentDecision } from '@enishi/plugin-sdk';
import type { Joined } from './world/happening.ts';

/** The box for the newsletter, ticked or not; where a form has none, nothing was decided. */
export const newsletterConsent = (decision: Joined['newsletter'], form: string): ConsentDecision[] =>
  decision === 'UNASKED' ? [] : [{ purpose: 'marketing', channel: 'email', state: decision, evidence: { form, notice: '2025-04' } }];
