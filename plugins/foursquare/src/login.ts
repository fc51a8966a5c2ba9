import { createHash } from 'node:crypto';
import { type AccountLinkSource, accountLink, type Departure, GiveUp } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { keepToken } from './account.ts';
import { ask, exchangeCode } from './api/api.ts';
import { accountLinked } from './events/account.ts';
import { decisions } from './scopes.ts';
import type { Settings } from './settings.ts';
import { firstName, homeCity } from './traits.ts';

const self = z.object({
  user: z.looseObject({
    id: z.union([z.string().min(1), z.int().transform(String)]),
    firstName: z.string().optional(),
    homeCity: z.string().optional(),
  }),
});

/** "Connect with Foursquare": from then on check-ins come by push, and those before are read. */
export const accountLogin = (settings: Settings): AccountLinkSource =>
  accountLink({
    description: 'A person connects their Foursquare account; their check-ins so far are read and new ones come by push.',
    depart: (departure) => authenticateUrl(settings, departure),
    arrive: async ({ query }, departure, desk) => {
      const { code } = query;
      if (query.error !== undefined || code === undefined) throw new GiveUp('The person did not connect their Foursquare account.');
      const token = await exchangeCode(code, { returnUrl: departure.returnUrl, settings }, desk);
      const { user } = await ask({ path: 'users/self', shape: self, token }, settings, desk);
      await keepToken(desk, user.id, token);
      const evidence = { by: 'Foursquare OAuth', client_id: settings.clientId, decimals: settings.decimals };
      const draft = accountLinked({
        id: `linked:${user.id}:${createHash('sha256').update(code).digest('hex').slice(0, 32)}`,
        at: desk.now(),
        identifiers: { ...departure.identifiers, 'foursquare.user': user.id },
        properties: { user_id: user.id },
        traits: [...(user.firstName ? [firstName(user.firstName)] : []), ...(user.homeCity ? [homeCity(user.homeCity)] : [])],
        consents: decisions({ state: 'GIVEN', evidence }, settings),
      });
      return { drafts: [draft], backfill: { source: 'history', options: { user: user.id } } };
    },
  });

function authenticateUrl({ siteUrl, clientId }: Settings, { state, returnUrl }: Departure): string {
  const url = new URL(`${siteUrl.replace(/\/$/, '')}/oauth2/authenticate`);
  const parameters = { client_id: clientId, response_type: 'code', redirect_uri: returnUrl, state };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
