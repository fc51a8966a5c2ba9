import { email } from '@enishi/plugin-email';
import { ecdsaKeys, rawRequest, signSendGrid, signSns, snsKeys, startMailServer } from '@enishi/testkit';
import { testPlugin } from '@enishi/testkit/conformance';
import { tokens } from '../src/token.ts';

const secret = 'a secret of the tests';
const topic = 'arn:aws:sns:ap-northeast-1:123456789012:ses-events';
const sns = snsKeys();
const ecdsa = ecdsaKeys();
const sealed = tokens(secret).seal({ workspace: 'main', email: 'hanako@example.jp', purpose: 'marketing', delivery: 'd-1' });

const bounce = {
  eventType: 'Bounce',
  mail: { messageId: 'm-1', destination: ['taro@example.jp'] },
  bounce: {
    feedbackId: 'f-1',
    bounceType: 'Permanent',
    timestamp: '2026-11-21T18:31:40.123Z',
    bouncedRecipients: [{ emailAddress: 'taro@example.jp', status: '5.1.1' }],
  },
};

// The mailbox speaks IMAP, not HTTP: it is tried in a file of its own.
testPlugin(email, async (vendor) => {
  const smtp = await startMailServer();
  vendor.on('GET /cert.pem', { body: sns.certificate });
  return {
    config: {
      host: '127.0.0.1',
      port: smtp.port,
      from: 'えにし屋 <news@shop.example>',
      unsubscribeSecret: secret,
      ses: { topicArns: [topic], endpoint: vendor.url },
      sendgrid: { publicKey: ecdsa.publicKey },
    },
    webhooks: {
      unsubscribe: {
        calls: { oneClick: rawRequest({ form: { 'List-Unsubscribe': 'One-Click' } }) },
        // Whatever the body says, the token in the address decides.
        covers: 'nothing',
        sign: (request) => ({ ...request, query: { ...request.query, workspace: 'main', token: sealed } }),
      },
      ses: {
        calls: {
          bounce: rawRequest({
            json: {
              Type: 'Notification',
              MessageId: 'sns-1',
              TopicArn: topic,
              Message: JSON.stringify(bounce),
              Timestamp: '2026-11-21T18:31:41Z',
            },
          }),
        },
        // Amazon signs the fields, not the bytes: a blank behind them changes nothing.
        covers: 'nothing',
        sign: signSns({ privateKey: sns.privateKey, certUrl: 'https://sns.ap-northeast-1.amazonaws.com/cert.pem' }),
      },
      sendgrid: {
        calls: {
          open: rawRequest({ json: [{ email: 'taro@example.jp', timestamp: 1_763_000_000, event: 'open', sg_event_id: 'e-1' }] }),
          bounce: rawRequest({
            json: [{ email: 'taro@example.jp', timestamp: 1_763_000_001, event: 'bounce', type: 'bounce', sg_event_id: 'e-2' }],
          }),
          processed: rawRequest({ json: [{ email: 'taro@example.jp', timestamp: 1_763_000_002, event: 'processed', sg_event_id: 'e-3' }] }),
        },
        silent: ['processed'],
        sign: signSendGrid(ecdsa.privateKey),
      },
    },
    destinations: {
      message: {
        message: { subject: '{{firstName}}様', text: '{{firstName}}様、ありがとうございます。', fallbacks: { firstName: 'お客' } },
        recipient: { identifiers: { email: ['hanako@example.jp'] } },
        key: 'none',
        overHttp: false,
      },
    },
    stop: smtp.stop,
  };
});
