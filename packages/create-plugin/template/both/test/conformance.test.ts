import { rawRequest, signHmac } from '@enishi/testkit';
import { testPlugin } from '@enishi/testkit/conformance';
import { acmePlugin } from '../src/index.ts';
import { config, message, order } from './examples.ts';

testPlugin(acmePlugin, (vendor) => {
  vendor.on('POST /messages', { status: 201, json: { id: 'm-1' } });
  return {
    config: { ...config, apiUrl: vendor.url },
    webhooks: {
      orders: {
        calls: { order: rawRequest({ json: { orders: [order] } }) },
        sign: signHmac({ header: 'x-acme-signature', secret: config.signingSecret, encoding: 'hex' }),
      },
    },
    destinations: { messages: { message, recipient: {}, says: { refusal: { json: { error: 'quota used up' } } } } },
  };
});
