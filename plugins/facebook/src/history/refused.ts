import type { Desk, Draft } from '@enishi/plugin-sdk';
import { dropToken } from '../account.ts';
import { tokenExpired } from '../events/account.ts';
import { TokenRefused } from '../graph/fault.ts';

/** A token that Facebook takes no longer ends the reading with an event, so that the person can be asked to connect again. Other errors go on. */
export async function refused(error: unknown, { desk, user }: { desk: Desk; user: string }): Promise<Draft> {
  if (!(error instanceof TokenRefused)) throw error;
  await dropToken(desk, user);
  const at = desk.now();
  return tokenExpired({
    id: `token-expired:${user}:${at.toISOString()}`,
    at,
    identifiers: { 'facebook.user': user },
    properties: { user_id: user, reason: error.message },
  });
}
