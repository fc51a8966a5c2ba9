import type { Sent, Stamps } from '../stamp.ts';
import type { Tokens } from '../token.ts';
import type { Report } from './report.ts';

/** What proves which mail of ours a report is about. */
export interface Seals {
  readonly stamps: Stamps;
  readonly tokens: Tokens;
}

/**
 * The mail a report is about, in this workspace. Only what our own seal vouches for counts: anybody can send a letter to the
 * mailbox for bounces and write somebody's address in it. The stamp is looked for first; where the bounce names a forwarded
 * address instead of ours, the unsubscribe link of the mail that came back still holds the one it was sent to.
 */
export function traced({ said, unsubscribe = '' }: Report, workspace: string, { stamps, tokens }: Seals): Sent | undefined {
  const stamped = stamps.find(said, workspace);
  if (stamped !== undefined) return stamped;
  const [, token = ''] = /[?&]token=([\w-]+)/.exec(unsubscribe) ?? [];
  const subscription = tokens.open(token);
  return subscription?.workspace === workspace ? subscription : undefined;
}
