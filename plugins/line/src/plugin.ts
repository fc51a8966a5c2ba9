import { type AnyEventType, definePlugin, hostOf, sdkVersion } from '@enishi/plugin-sdk';
import { lineApi } from './api.ts';
import { lineAudience } from './audience/destination.ts';
import { lineAccountLink } from './connect/account-link.ts';
import { lineLogin } from './connect/login.ts';
import * as events from './events.ts';
import { lineFollowers } from './followers.ts';
import { icon, texts } from './looks.ts';
import { lineMessages } from './message/destination.ts';
import { quotaOf } from './message/quota.ts';
import { blockers, displayName, friend, friends, lineUser } from './person.ts';
import { config } from './settings.ts';
import { lineWebhook } from './webhook/source.ts';

const { profileData, emailData, locationData, ...types } = events;

/** A LINE Official Account: what its friends do, who they are, and messages and audiences to them. */
export const line = definePlugin({
  name: 'line',
  description: 'LINE Official Account: webhook events, account link, LINE Login, messages and audiences.',
  config,
  sdk: sdkVersion,
  keepsSecrets: true,
  texts,
  icon,
  hosts: ({ apiUrl, dataUrl }) => [hostOf(apiUrl), hostOf(dataUrl)],
  events: Object.values(types) satisfies AnyEventType[],
  namespaces: [lineUser],
  traits: [friend, displayName],
  scopes: [profileData, emailData, locationData],
  segments: [friends, blockers],
  setup: (settings) => {
    const ask = lineApi(settings);
    const quota = quotaOf(ask);
    const { accountLink, login } = settings;
    return {
      sources: {
        webhook: lineWebhook(settings, ask),
        ...(accountLink === undefined ? {} : { 'account-link': lineAccountLink(settings, ask) }),
        friends: lineFollowers(settings, ask),
        ...(login === undefined ? {} : { login: lineLogin(login, settings) }),
      },
      destinations: {
        message: lineMessages({ purpose: 'marketing', description: 'Marketing messages by LINE.', ask, quota }),
        notice: lineMessages({ purpose: 'service', description: 'Service messages by LINE, such as "your order is ready".', ask, quota }),
        audience: lineAudience(ask),
      },
    };
  },
});
