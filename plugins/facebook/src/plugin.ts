import { type AnyEventType, definePlugin, sdkVersion } from '@enishi/plugin-sdk';
import * as events from './events/index.ts';
import { deauthorizeCallback, deletionCallback } from './goodbye/callbacks.ts';
import { completeDeletion } from './goodbye/status.ts';
import { FacebookFields } from './graphql/resolver.ts';
import { historyBackfill } from './history/backfill.ts';
import { leadsBackfill } from './history/leads.ts';
import { facebookUser, leadId, pageUser } from './identity.ts';
import { loginLink } from './login/link.ts';
import { icon, texts } from './look.ts';
import { scopes } from './permissions.ts';
import { deletionWanted, freshLeads } from './segments.ts';
import { settings } from './settings.ts';
import { traits } from './traits.ts';
import { updatesWebhook } from './updates/webhook.ts';

export const facebook = definePlugin({
  name: 'facebook',
  description: 'Facebook: accounts connected with permission, likes, page engagement, lead ads, Messenger opt-ins, deletion requests.',
  config: settings,
  sdk: sdkVersion,
  keepsSecrets: true,
  hosts: ({ graphUrl }) => [new URL(graphUrl).host],
  events: Object.values(events) satisfies AnyEventType[],
  namespaces: [facebookUser, pageUser, leadId],
  traits,
  scopes,
  segments: [deletionWanted, freshLeads],
  resolvers: [FacebookFields],
  texts,
  icon,
  setup: (config, host) => ({
    sources: {
      login: loginLink(config),
      updates: updatesWebhook(config),
      deauthorize: deauthorizeCallback(config),
      deletion: deletionCallback(config, () => host.urlOf('deletion')),
      history: historyBackfill(config),
      leads: leadsBackfill(config),
    },
    commands: { 'complete-deletion': completeDeletion },
  }),
});
