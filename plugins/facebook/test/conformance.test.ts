import { facebook } from '@enishi/plugin-facebook';
import { rawRequest, signMetaForm } from '@enishi/testkit';
import { testPlugin } from '@enishi/testkit/conformance';
import { answerFor, appSecret, returned, settingsFor, signed } from './graph.ts';

const time = 1700000000;
const user = '218471';
const person = {
  id: user,
  granted: ['public_profile', 'email', 'user_likes', 'user_posts'],
  declined: ['user_friends'],
  profile: { first_name: '太郎', email: 'taro@example.jp' },
};
const lead = (id: string) => ({
  id,
  created_time: '2026-01-05T09:00:30+0000',
  field_data: [{ name: 'email', values: [`lead${id}@example.jp`] }],
  form_id: '99',
  custom_disclaimer_responses: [{ checkbox_key: 'news', is_checked: '1' }],
});
const page = (entry: object) => rawRequest({ json: { object: 'page', entry: [{ id: '104', time, ...entry }] } });
const goodbye = rawRequest({ body: JSON.stringify({ algorithm: 'HMAC-SHA256', issued_at: time, user_id: user }) });

testPlugin(facebook, (vendor) => {
  answerFor(vendor, person);
  vendor.on('GET /v25.0/1203', { json: lead('1203') });
  vendor.on('GET /v25.0/99', { json: { id: '99', name: '来店予約', legal_content: { custom_disclaimer: { title: '同意' } } } });
  vendor.on('GET /v25.0/99/leads', ({ query }) => ({
    json:
      query.after === undefined
        ? { data: [lead('1'), lead('2')], paging: { next: `${vendor.url}/v25.0/99/leads?after=2` } }
        : { data: [lead('3')] },
  }));
  vendor.on('GET /v25.0/me/likes', ({ query }) => {
    const like = (id: string) => ({ id, name: 'P', category: 'Band', created_time: '2025-05-01T00:00:00+0000' });
    return { json: query.after === undefined ? { data: [like('1')], paging: { next: `${vendor.url}/x?after=1` } } : { data: [like('2')] } };
  });
  vendor.on('GET /v25.0/me/posts', { json: { data: [{ id: '1_2', created_time: '2026-01-05T00:00:00+0000', message: 'よい朝' }] } });
  const settings = settingsFor(vendor);
  const refusal = { json: { error: { message: 'unknown', code: 2, is_transient: true } } };
  return {
    config: {
      ...settings,
      permissions: [...settings.permissions],
      leadConsents: { news: [{ purpose: 'marketing', channel: 'email' }] },
    },
    webhooks: {
      updates: {
        calls: {
          comment: page({
            changes: [
              {
                field: 'feed',
                value: { item: 'comment', verb: 'add', from: { id: '555' }, post_id: '104_1', comment_id: '1_2', created_time: time },
              },
            ],
          }),
          lead: page({ changes: [{ field: 'leadgen', value: { leadgen_id: '1203', page_id: '104', form_id: '99', created_time: time } }] }),
          optin: page({
            messaging: [{ sender: { id: '555' }, timestamp: time * 1000, optin: { type: 'notification_messages', payload: 'news' } }],
          }),
          permissions: rawRequest({
            json: { object: 'permissions', entry: [{ id: user, time, changes: [{ field: 'user_likes', value: { verb: 'revoked' } }] }] },
          }),
          likes: rawRequest({ json: { object: 'user', entry: [{ id: user, time, changed_fields: ['likes'] }] } }),
        },
        sign: signed,
        silent: ['likes'],
      },
      deauthorize: { calls: { goodbye }, sign: signMetaForm(appSecret) },
      deletion: { calls: { goodbye }, sign: signMetaForm(appSecret) },
    },
    backfills: {
      history: {
        options: { user },
        drafts: 4,
        refusal,
        prepare: async (desk) => {
          await desk.state.set(`token:${user}`, `long-${user}`, { secret: true });
          await desk.state.set(`account:${user}`, { granted: person.granted, declined: [], linkedAt: '2026-01-01T00:00:00.000Z' });
        },
      },
      leads: { options: { page: '104', form: '99' }, drafts: 3, refusal },
    },
    accountLinks: {
      login: {
        identifiers: { user: 'taro' },
        returned: (state) => returned({ code: 'code-1', state }),
        refused: (state) => returned({ error: 'access_denied', error_reason: 'user_denied', state }),
      },
    },
  };
});
