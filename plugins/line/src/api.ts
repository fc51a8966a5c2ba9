import type { Desk } from '@enishi/plugin-sdk';
import { channelAccessToken, HTTPFetchError, manageAudience, messagingApi } from '@line/bot-sdk';
import type { Settings } from './settings.ts';
import { throughDesk } from './transport.ts';

/** LINE's SDK, one client per kind of call. */
export interface Line {
  readonly messaging: messagingApi.MessagingApiClient;
  readonly audiences: manageAudience.ManageAudienceClient;
  /** Uploads by file, on a host of its own. */
  readonly files: manageAudience.ManageAudienceBlobClient;
}

/** Does something with LINE as the channel. A token that has lapsed is issued anew, once. */
export type Ask = <TAnswer>(desk: Desk, work: (line: Line) => Promise<TAnswer>) => Promise<TAnswer>;

export function lineApi({ apiUrl, dataUrl, ...settings }: Settings): Ask {
  const tokens = channelTokens({ apiUrl, ...settings });
  const lineOf = async (desk: Desk): Promise<Line> => {
    const token = await tokens.current(desk);
    const open = { channelAccessToken: token };
    const [api, data] = [
      { url: apiUrl, token },
      { url: dataUrl, token },
    ];
    return {
      messaging: throughDesk(new messagingApi.MessagingApiClient(open), desk, api),
      audiences: throughDesk(new manageAudience.ManageAudienceClient(open), desk, api),
      files: throughDesk(new manageAudience.ManageAudienceBlobClient(open), desk, data),
    };
  };
  return async (desk, work) => {
    try {
      return await work(await lineOf(desk));
    } catch (error) {
      if (!(error instanceof HTTPFetchError && error.status === 401 && tokens.forget())) throw error;
      return work(await lineOf(desk));
    }
  };
}

type TokenSettings = Pick<Settings, 'apiUrl' | 'channelAccessToken' | 'channelId' | 'channelSecret'>;

/** The token that was given, or one of 15 minutes issued by the channel's id and secret and kept until shortly before its end. */
function channelTokens({ apiUrl, channelAccessToken: given, channelId = '', channelSecret }: TokenSettings) {
  let held: { readonly token: string; readonly until: number } | undefined;
  const issue = async (desk: Desk): Promise<string> => {
    const client = throughDesk(new channelAccessToken.ChannelAccessTokenClient({}), desk, { url: apiUrl });
    const { access_token: token, expires_in: seconds } = await client.issueStatelessChannelTokenByClientSecret(channelId, channelSecret);
    held = { token, until: desk.now().getTime() + (seconds - 60) * 1000 };
    return token;
  };
  return {
    current: async (desk: Desk): Promise<string> =>
      given ?? (held !== undefined && held.until > desk.now().getTime() ? held.token : issue(desk)),
    /** Whether another can be issued. */
    forget: (): boolean => {
      held = undefined;
      return given === undefined;
    },
  };
}
