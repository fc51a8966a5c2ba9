import { createSign } from 'node:crypto';
import type { Desk } from '@enishi/plugin-sdk';
import { hear, textOf } from '../reply.ts';
import { type GoogleSettings, pem } from '../settings.ts';
import type { Failure } from '../thrown.ts';
import { failureOf } from './failure.ts';

export const scope = 'https://www.googleapis.com/auth/datamanager';
const lifeSeconds = 3600;
/** A token is not used in its last minutes: a call that begins in time could arrive too late. */
const marginSeconds = 300;

export type Token = { readonly ok: true; readonly token: string } | { readonly ok: false; readonly outcome: Failure };

export interface TokenDesk {
  readonly token: (desk: Desk) => Promise<Token>;
  /** After Google refused it, the next one is a new one. */
  readonly forget: () => void;
}

/** Access tokens of the service account, one at a time, kept until shortly before they end. */
export function serviceAccountTokens(settings: GoogleSettings): TokenDesk {
  let kept: { token: string; until: number } | undefined;
  return {
    token: async (desk) => {
      const now = Math.floor(desk.now().getTime() / 1000);
      if (kept !== undefined && kept.until > now) return { ok: true, token: kept.token };
      const { reply, body } = await hear(desk, new URL(settings.tokenUrl), {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertionOf(settings, now) }),
      });
      const token = textOf(body?.access_token);
      if (!reply.ok || token === undefined) return { ok: false, outcome: refused(reply, body) };
      kept = { token, until: now + Number(body?.expires_in ?? lifeSeconds) - marginSeconds };
      return { ok: true, token };
    },
    forget: () => {
      kept = undefined;
    },
  };
}

/** The signed statement a service account exchanges for a token. Source: Google, "Using OAuth 2.0 for server to server applications". */
export function assertionOf({ clientEmail, privateKey, tokenUrl }: GoogleSettings, now: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: clientEmail, scope, aud: tokenUrl, iat: now, exp: now + lifeSeconds };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(pem(privateKey), 'base64url')}`;
}

/** A refused key answers 400 with `invalid_grant`, which no retry mends. */
function refused(reply: Response, body: Readonly<Record<string, unknown>> | undefined): Failure {
  const error = textOf(body?.error);
  if (error === undefined) return failureOf(reply, body);
  const reason = `Google gives no token: ${error} ${textOf(body?.error_description) ?? ''}`.trim();
  return reply.status >= 500 || reply.status === 429 ? { status: 'retry', reason } : { status: 'fix-credentials', reason };
}
