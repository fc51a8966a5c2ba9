import { foursquare } from '@enishi/plugin-foursquare';
import { rawRequest, sendSecret, sendSecretInForm } from '@enishi/testkit';
import { testPlugin } from '@enishi/testkit/conformance';
import { answerHistory, checkin, connect, movementSecret, pushSecret, refusal, settingsFor, tokyoTower, user, v2 } from './setup.ts';

const form = (sent: object) => rawRequest({ form: { checkin: JSON.stringify(sent), user: JSON.stringify(user) } });
const timestamp = 1700000000000;
const noticed = (sent: object) => rawRequest({ json: { timestamp, confidence: 'high', userInfo: { userId: 'taro' }, ...sent } });
const all = Array.from({ length: 130 }, (_, number) => checkin(number));

testPlugin(foursquare, (vendor) => {
  answerHistory(vendor, all);
  vendor.on('GET /oauth2/access_token', { json: { access_token: 'user-token-1709193' } });
  vendor.on('GET /v2/users/self', v2({ user: { id: user.id, firstName: '太郎' } }));
  const back = (query: Record<string, string>) => rawRequest({ method: 'GET', query });
  return {
    config: settingsFor(vendor),
    webhooks: {
      push: {
        calls: {
          checkin: form(checkin(1)),
          hidden: form({ ...checkin(2), private: true }),
          nowhere: form({ ...checkin(3), venue: undefined }),
        },
        sign: sendSecretInForm('secret', pushSecret),
        covers: 'nothing',
        silent: ['hidden'],
      },
      movement: {
        calls: {
          arrival: noticed({ pilgrimVisitId: 'v-1', visitType: 'arrival', locationType: 'venue', venues: [tokyoTower.venue] }),
          home: noticed({ pilgrimVisitId: 'v-2', visitType: 'arrival', locationType: 'home' }),
          geofence: noticed({ geofenceId: 'ginza', geofenceEventType: 'enter' }),
        },
        sign: sendSecret('pilgrim-secret', movementSecret),
        covers: 'nothing',
        silent: ['home'],
      },
    },
    backfills: {
      history: { options: { user: user.id }, drafts: 131, refusal: { ...refusal(500, 'server_error'), status: 200 }, prepare: connect },
    },
    accountLinks: {
      login: {
        identifiers: { member: '42' },
        returned: (state) => back({ code: 'c', state }),
        refused: (state) => back({ error: 'access_denied', state }),
      },
    },
  };
});
