import { type AnyEventType, definePlugin, sdkVersion } from '@enishi/plugin-sdk';
import { historyBackfill } from './checkin/history.ts';
import { userPush } from './checkin/push.ts';
import * as events from './events/index.ts';
import { FoursquareFields } from './graphql/resolver.ts';
import { foursquareUser } from './identity.ts';
import { accountLogin } from './login.ts';
import { icon, texts } from './look.ts';
import { movementWebhook } from './movement/webhook.ts';
import { scopes } from './scopes.ts';
import { recentVisitors } from './segments.ts';
import { settings } from './settings.ts';
import { traits } from './traits.ts';

export const foursquare = definePlugin({
  name: 'foursquare',
  description: 'Foursquare and Swarm: check-ins by push and from history, visits by the Movement SDK, interests from places.',
  config: settings,
  sdk: sdkVersion,
  keepsSecrets: true,
  hosts: ({ apiUrl, siteUrl }) => [...new Set([new URL(apiUrl).host, new URL(siteUrl).host])],
  events: Object.values(events) satisfies AnyEventType[],
  namespaces: [foursquareUser],
  traits,
  scopes,
  segments: [recentVisitors],
  resolvers: [FoursquareFields],
  texts,
  icon,
  setup: (config) => ({
    sources: {
      login: accountLogin(config),
      history: historyBackfill(config),
      ...(config.pushSecret !== undefined && { push: userPush(config, config.pushSecret) }),
      ...(config.movementSecret !== undefined && { movement: movementWebhook(config, config.movementSecret) }),
    },
  }),
});
