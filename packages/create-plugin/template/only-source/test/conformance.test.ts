import { rawRequest, signHmac } from '@enishi/testkit';
import { testPlugin } from '@enishi/testkit/conformance';
import { acmePlugin } from '../src/index.ts';
import { config, order } from './examples.ts';

testPlugin(acmePlugin, () => ({
  config,
  webhooks: {
    orders: {
      calls: { order: rawRequest({ json: { orders: [order] } }) },
      sign: signHmac({ header: 'x-acme-signature', secret: config.signingSecret, encoding: 'hex' }),
    },
  },
}));
