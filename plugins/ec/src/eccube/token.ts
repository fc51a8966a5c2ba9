import { createHash } from 'node:crypto';
import { AskRefused, askJson, ComeBackLater, type Desk, GiveUp } from '@enishi/plugin-sdk';
import { z } from 'zod';
import type { EccubeSettings } from './settings.ts';

/** Tokens as they are kept. `origin` tells whether the operator has set another refresh token since. */
interface Tokens {
  readonly access: string;
  readonly refresh: string;
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const answer = z.looseObject({ access_token: z.string().min(1), refresh_token: z.string().min(1).optional(), expires_in: z.number() });
/** A token that ends while a question is under way would be refused. */
const spareMs = 60_000;

/** The token to ask with; fetched anew where it has ended. Each refresh token counts once, so the newest is kept, encrypted. */
export async function accessToken(desk: Desk, settings: EccubeSettings): Promise<string> {
  const known = await keptTokens(desk, settings);
  if (known !== undefined && known.until - spareMs > desk.now().getTime()) return known.access;
  return (await refreshed(desk, { settings, known })).access;
}

/** The shop does not take this token after all: another is fetched at the next question. */
export async function dropToken(desk: Desk, settings: EccubeSettings, access: string): Promise<void> {
  const known = await keptTokens(desk, settings);
  if (known?.access === access) await keep(desk, settings, { ...known, until: 0 });
}

async function refreshed(desk: Desk, { settings, known }: { settings: EccubeSettings; known: Tokens | undefined }): Promise<Tokens> {
  const refresh = known?.refresh ?? settings.refreshToken;
  const { clientId, clientSecret } = settings;
  const form = { grant_type: 'refresh_token', refresh_token: refresh, client_id: clientId, client_secret: clientSecret };
  try {
    const given = await askJson(desk, {
      partner: 'EC-CUBE',
      url: `${settings.url}/token`,
      method: 'POST',
      body: new URLSearchParams(form),
      answer,
    });
    const until = desk.now().getTime() + given.expires_in * 1000;
    const tokens = { access: given.access_token, refresh: given.refresh_token ?? refresh, origin: originOf(settings), until };
    await keep(desk, settings, tokens);
    return tokens;
  } catch (error) {
    if (!(error instanceof AskRefused)) throw error;
    throw await afterRefusal(desk, settings, refresh);
  }
}

/** So long a refused token is given the benefit of the doubt. */
const doubtMs = 5000;

/**
 * Somebody else of the house may have used the same refresh token a moment ago and not have kept the new one yet: only a token
 * that is still refused after a while is the operator's to mend.
 */
async function afterRefusal(desk: Desk, settings: EccubeSettings, refresh: string): Promise<Error> {
  const kept = await keptTokens(desk, settings);
  if (kept !== undefined && kept.refresh !== refresh) return new ComeBackLater(1, 'EC-CUBE has just given another token');
  const key = `eccube-refused:${settings.shop ?? ''}`;
  const refused = await desk.state.get<{ readonly token: string; readonly at: number }>(key);
  const token = fingerprint(refresh);
  if (refused?.token === token && desk.now().getTime() - refused.at >= doubtMs)
    return new GiveUp('EC-CUBE refuses the refresh token: authorise the client again and set the new one');
  if (refused?.token !== token) await desk.state.set(key, { token, at: desk.now().getTime() });
  return new ComeBackLater(doubtMs / 1000, 'EC-CUBE refuses the refresh token');
}

const keyOf = ({ shop }: EccubeSettings): string => `eccube-tokens:${shop ?? ''}`;

const fingerprint = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 16);
const originOf = ({ refreshToken }: EccubeSettings): string => fingerprint(refreshToken);

async function keptTokens(desk: Desk, settings: EccubeSettings): Promise<Tokens | undefined> {
  const tokens = await desk.state.get<Tokens>(keyOf(settings));
  return tokens?.origin === originOf(settings) ? tokens : undefined;
}

const keep = (desk: Desk, settings: EccubeSettings, tokens: Tokens): Promise<void> =>
  desk.state.set(keyOf(settings), tokens, { secret: true });
