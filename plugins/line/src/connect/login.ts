import { createHash, randomBytes } from 'node:crypto';
import {
  type AccountLinkSource,
  accountLink,
  type Connected,
  type Departure,
  type Desk,
  GiveUp,
  type TraitValue,
} from '@enishi/plugin-sdk';
import { loginConnected } from '../events.ts';
import { displayName, friend } from '../person.ts';
import type { LoginSettings } from '../settings.ts';
import { exchangeCode, friendship, type IdToken, type LoginPlace, verifyIdToken } from './oauth.ts';

interface Journey {
  readonly verifier: string;
  readonly nonce: string;
}

/** Scopes speak about data, not about a way to reach somebody: under this name they say nothing about messages. */
const channel = 'line-login';

const journeyKey = (state: string): string => `login/${state}`;
const random = (): string => randomBytes(32).toString('base64url');

/**
 * LINE Login 2.1 with PKCE. What the person granted comes back as consents for its data scopes.
 * Source: https://developers.line.biz/en/docs/line-login/integrate-line-login/
 */
export function lineLogin(settings: LoginSettings, place: LoginPlace): AccountLinkSource {
  return accountLink({
    description: 'Ties a LINE account by LINE Login, with the name and e-mail address the person grants.',
    depart: async ({ state, returnUrl }, desk) => {
      const journey: Journey = { verifier: random(), nonce: random() };
      await desk.state.set(journeyKey(state), journey, { secret: true, forSeconds: 600 });
      const address = new URL('/oauth2/v2.1/authorize', place.accessUrl);
      const asked = {
        response_type: 'code',
        client_id: settings.channelId,
        redirect_uri: returnUrl,
        state,
        scope: ['openid', ...settings.scopes].join(' '),
        nonce: journey.nonce,
        code_challenge: createHash('sha256').update(journey.verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...(settings.addFriend === undefined ? {} : { bot_prompt: settings.addFriend }),
      };
      for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
      return address.href;
    },
    arrive: async ({ query: { code, error, error_description: why } }, departure, desk) => {
      // Taken first: an answer that comes twice, or that an attacker brings, finds nothing to go on with.
      const journey = await desk.state.take<Journey>(journeyKey(departure.state));
      if (error !== undefined || code === undefined) throw new GiveUp(why ?? error ?? 'LINE sent no code back');
      if (journey === undefined) throw new GiveUp('this log-in was not begun here, or is too old');
      const at = { settings, place, desk };
      const granted = await exchangeCode({ code, verifier: journey.verifier, returnUrl: departure.returnUrl }, at);
      const token = await verifyIdToken(granted.idToken, journey.nonce, at);
      return connected({ ...granted, token, friend: await friendship(granted.accessToken, at) }, { departure, settings, desk });
    },
  });
}

interface Granted {
  readonly scopes: readonly string[];
  readonly token: IdToken;
  readonly friend: boolean | undefined;
}

interface Here {
  readonly departure: Departure;
  readonly settings: LoginSettings;
  readonly desk: Desk;
}

function connected({ scopes, token, friend: isFriend }: Granted, { departure, settings, desk }: Here): Connected {
  const at = desk.now();
  const email = settings.trustEmail && scopes.includes('email') ? token.email : undefined;
  const name = scopes.includes('profile') ? token.name : undefined;
  const traits: TraitValue[] = [...(isFriend === undefined ? [] : [friend(isFriend)]), ...(name === undefined ? [] : [displayName(name)])];
  const evidence = { kind: 'line-login', channelId: settings.channelId, granted: scopes, at: at.toISOString() };
  return {
    drafts: [
      loginConnected({
        id: `login/${departure.state}`,
        at,
        identifiers: { ...(email === undefined ? {} : { email }), ...departure.identifiers, 'line.user': token.sub },
        properties: { scopes: [...scopes], ...(isFriend === undefined ? {} : { friend: isFriend }) },
        traits,
        consents: settings.scopes.flatMap((scope) => {
          const state = scopes.includes(scope) ? ('GIVEN' as const) : ('REFUSED' as const);
          return settings.purposes.map((purpose) => ({ purpose, channel, scope: `line.${scope}`, state, evidence }));
        }),
      }),
    ],
  };
}
