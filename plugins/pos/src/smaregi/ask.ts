import { AskRefused, askJson, type Desk } from '@enishi/plugin-sdk';
import { z } from 'zod';
import type { SmaregiSettings } from './settings.ts';

const scopes = 'pos.transactions:read pos.customers:read';
const tokenAnswer = z.looseObject({ access_token: z.string().min(1), expires_in: z.number() });

/** Asks Smaregi for `path` under the contract. A token that is no longer taken is replaced once. */
export async function askSmaregi<TAnswer>(
  desk: Desk,
  settings: SmaregiSettings,
  { path, answer }: { path: string; answer: z.ZodType<TAnswer> },
): Promise<TAnswer> {
  const url = `${settings.apiUrl}/${settings.contractId}/pos/${path}`;
  const ask = async (): Promise<TAnswer> => {
    const headers = { authorization: `Bearer ${await accessToken(desk, settings)}` };
    return askJson(desk, { partner: 'Smaregi', url, headers, answer });
  };
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AskRefused && error.status === 401)) throw error;
    await desk.state.delete(tokenKey(settings));
    return ask();
  }
}

const tokenKey = ({ contractId }: SmaregiSettings): string => `smaregi-token:${contractId}`;

/** A token that ends while a question is under way would be refused. */
const spareSeconds = 60;

/** The token of the contract, by client credentials. It is kept, encrypted, while it lasts: asking for tokens counts as calls. */
async function accessToken(desk: Desk, settings: SmaregiSettings): Promise<string> {
  const known = await desk.state.get<string>(tokenKey(settings));
  if (known !== undefined) return known;
  const { contractId, clientId, clientSecret, idUrl } = settings;
  const { access_token, expires_in } = await askJson(desk, {
    partner: 'Smaregi',
    url: `${idUrl}/app/${encodeURIComponent(contractId)}/token`,
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: scopes }),
    answer: tokenAnswer,
  });
  const forSeconds = Math.floor(expires_in) - spareSeconds;
  if (forSeconds > 0) await desk.state.set(tokenKey(settings), access_token, { secret: true, forSeconds });
  return access_token;
}
