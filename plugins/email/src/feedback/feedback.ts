import { addressSuppressed, type Draft } from '@enishi/plugin-sdk';
import { bounced, complained } from '../events.ts';
import type { Verdict } from '../refusal.ts';

/** What somebody tells about a mail that a server had already taken. */
export interface Feedback {
  /** The reporter's own id of it: told twice, it counts once. */
  readonly id: string;
  readonly at: Date;
  readonly email: string;
  /**
   * `hard`: the address takes nothing any more. `soft`: it may another day. `blocked`: the mail was refused for what it says or
   * where it came from, which says nothing of the address. `complaint`: its owner called the mail spam.
   */
  readonly kind: 'hard' | 'soft' | 'blocked' | 'complaint';
  /** The server's or provider's own words. */
  readonly reason: string;
  readonly status?: string | undefined;
  readonly delivery?: string | undefined;
  readonly reporter: 'mailbox' | 'ses' | 'sendgrid';
}

const kinds = { gone: 'hard', later: 'soft', refused: 'blocked' } as const;

export const kindOf = (verdict: Verdict): Feedback['kind'] => kinds[verdict];

/** The event it is, and, where the address is to take no more mail, the one that says so. */
export function draftsOf(feedback: Feedback, suppress: boolean): Draft[] {
  const { id, at, email, kind, delivery, reporter, status } = feedback;
  const reason = feedback.reason.replaceAll('\0', '').slice(0, 1000);
  const said = { reason, ...(delivery === undefined ? {} : { delivery }), reporter };
  const draft = { id, at, identifiers: { email } };
  const told =
    kind === 'complaint'
      ? complained({ ...draft, properties: said })
      : bounced({ ...draft, properties: { ...said, severity: kind, ...(status === undefined ? {} : { status }) } });
  if (!suppress) return [told];
  const properties = { channel: 'email', reason: `${kind}: ${reason}`.slice(0, 1000) };
  return [told, addressSuppressed({ ...draft, id: `${id}/suppressed`, properties })];
}
