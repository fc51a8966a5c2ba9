import { ec } from '@enishi/plugin-ec';
import { pos } from '@enishi/plugin-pos';
import { rawRequest, signHmac } from '@enishi/testkit';
import { testPlugin } from '@enishi/testkit/conformance';
import * as smaregi from './tills/smaregi.ts';
import * as square from './tills/square.ts';

const receipt = {
  store_id: '0012',
  receipt_number: '000123',
  at: '2026-11-20T18:05:30+09:00',
  total: 2800,
  customer: { member: '0001234567' },
};
const scan = { store_id: '0012', at: '2026-11-20T18:05:00+09:00', customer: { member: '0001234567' } };

const poslog = `<POSLog><Transaction><RetailStoreID>1</RetailStoreID><SequenceNumber>2</SequenceNumber>
<BeginDateTime>2026-11-20T18:05:30</BeginDateTime><RetailTransaction><LineItem><Sale><ItemID>p</ItemID><ExtendedAmount>100</ExtendedAmount></Sale>
</LineItem></RetailTransaction></Transaction></POSLog>`;

testPlugin(pos, (vendor) => {
  square.serve(vendor);
  smaregi.serve(vendor);
  return {
    config: { webhookSecret: 'own_webhook_secret', square: square.settings(vendor.url), smaregi: smaregi.settings(vendor.url) },
    // The names and birthdays of people are called as the shop calls them.
    uses: [ec({})],
    webhooks: {
      webhook: {
        calls: { receipts: rawRequest({ json: { receipts: [receipt] } }), scans: rawRequest({ json: { scans: [scan] } }) },
        sign: signHmac({ header: 'X-Enishi-Signature', secret: 'own_webhook_secret', encoding: 'base64' }),
      },
      square: {
        calls: {
          paid: square.call(square.paid),
          refunded: square.call(square.refunded),
          customer: square.call(square.changed),
        },
        sign: square.sign,
      },
      smaregi: {
        calls: { sold: smaregi.call(smaregi.sold()), customer: smaregi.call(smaregi.changed(), 'uuid-2') },
        sign: smaregi.sign,
        covers: 'nothing',
      },
    },
    polls: {
      'smaregi-catch-up': { drafts: 3, refusal: { json: { type: 'error', title: 'no', status: 200 } } },
    },
    files: {
      receipts: {
        name: 'receipts.csv',
        content: 'store_id,receipt_number,at,product_id,quantity,price\n1,9,2026-11-20 10:00,p,1,100\n1,10,2026-11-20 10:05,p,1,100\n',
        options: {},
        drafts: 2,
      },
      poslog: { name: 'log.xml', content: poslog, options: {}, drafts: 1 },
      redemptions: { name: 'coupons.csv', content: 'member,coupon_id,at\n0001234567,C1,2026-11-20\n', options: {}, drafts: 1 },
      campaigns: { name: 'campaigns.csv', content: 'member,campaign_id,at\n0001234567,C1,2026-11-20\n', options: {}, drafts: 1 },
      members: { name: 'members.csv', content: 'member,updated_at\n0001234567,2026-11-20\n', options: {}, drafts: 1 },
    },
  };
});
