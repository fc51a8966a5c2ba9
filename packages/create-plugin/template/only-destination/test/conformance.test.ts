import { testPlugin } from '@enishi/testkit/conformance';
import { acmePlugin } from '../src/index.ts';
import { config, message } from './examples.ts';

testPlugin(acmePlugin, (vendor) => {
  vendor.on('POST /messages', { status: 201, json: { id: 'm-1' } });
  return {
    config: { ...config, apiUrl: vendor.url },
    destinations: { messages: { message, recipient: {}, says: { refusal: { json: { error: 'quota used up' } } } } },
  };
});
