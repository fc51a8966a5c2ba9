import { rawRequest, signHmac } from '@enishi/testkit';
import { testPlugin } from '@enishi/testkit/conformance';
import { table } from '../src/index.ts';

const visit = { id: 'v-1', member: 'M-7', email: 'hanako@shop.example', at: '2026-01-05T19:00:00+09:00', seats: 2 };
const [webhookSecret, token] = ['webhook-secret-1', 'api-token-0001'];

testPlugin(table, (vendor) => {
  vendor.on('GET /visits', ({ query }) => {
    const visits = query.after === '2' ? [] : [{ ...visit, id: `v-${query.after || 0}` }];
    return { json: { visits, next: { '': '1', '1': '2' }[query.after ?? ''] ?? null } };
  });
  vendor.on('PUT /invitations/:id', { status: 201 });
  return {
    config: { webhookSecret, token, url: vendor.url },
    webhooks: {
      visits: {
        calls: { visit: rawRequest({ json: { visits: [visit] } }) },
        sign: signHmac({ header: 'x-table-signature', secret: webhookSecret, encoding: 'base64' }),
      },
    },
    polls: { missed: { drafts: 2, refusal: { json: { error: 'try tomorrow' } } } },
    destinations: { invitation: { message: { text: 'A table by the window?' }, recipient: {}, key: ({ path }) => path.split('/').at(-1) } },
  };
});
