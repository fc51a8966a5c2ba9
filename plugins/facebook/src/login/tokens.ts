import { GiveUp } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { appToken, type Graph, type GraphSettings } from '../graph/graph.ts';
import { graphId } from '../graph/page.ts';

const token = z.looseObject({ access_token: z.string().min(1) });
const debugged = z.object({
  data: z.looseObject({
    app_id: graphId.optional(),
    user_id: graphId.optional(),
    is_valid: z.boolean().default(false),
    expires_at: z.number().optional(),
  }),
});

export interface UserToken {
  readonly token: string;
  readonly user: string;
  readonly expiresAt: Date | undefined;
}

/** The long-lived token behind the code that came back, once Facebook has said that it was made for this app. */
export async function exchangeCode(
  code: string,
  returnUrl: string,
  { graph, settings }: { graph: Graph; settings: GraphSettings },
): Promise<UserToken> {
  const app = { client_id: settings.appId, client_secret: settings.appSecret };
  const short = await graph.get('oauth/access_token', token, { ...app, redirect_uri: returnUrl, code });
  const long = await graph.get('oauth/access_token', token, {
    ...app,
    grant_type: 'fb_exchange_token',
    fb_exchange_token: short.access_token,
  });
  const { data } = await graph.get('debug_token', debugged, { input_token: long.access_token, access_token: appToken(settings) });
  // A token made for another app would let that app's owner connect accounts here in other people's names.
  if (!data.is_valid || data.app_id !== settings.appId || data.user_id === undefined)
    throw new GiveUp('Facebook says that the token was not made for this app.');
  const expiresAt = data.expires_at === undefined || data.expires_at === 0 ? undefined : new Date(data.expires_at * 1000);
  return { token: long.access_token, user: data.user_id, expiresAt };
}
