import { createPublicKey, verify } from 'node:crypto';
import { hmacSignature } from '@enishi/plugin-sdk';
import {
  clock,
  ecdsaKeys,
  rawRequest,
  sendSecret,
  sendSecretInForm,
  signedRequest,
  signHmac,
  signMetaForm,
  signSendGrid,
  signSns,
  snsKeys,
} from '@enishi/testkit';
import { expect, it } from 'vitest';

const line = { header: 'x-line-signature', secret: 'line-secret', encoding: 'base64' } as const;
const meta = { header: 'X-Hub-Signature-256', secret: 'app-secret', encoding: 'hex', prefix: 'sha256=' } as const;
const ecCube = { header: 'X-ECCUBE-Signature', secret: 'ec', encoding: 'hex' } as const;
const square = {
  header: 'x-square-hmacsha256-signature',
  secret: 'sqkey',
  encoding: 'base64',
  before: () => 'https://cdp.example/hooks/square',
} as const;

// What the vendors' own libraries sign and accept.
it.each([
  {
    vendor: 'LINE',
    options: line,
    body: '{"destination":"U0123456789abcdef0123456789abcdef","events":[]}',
    signature: 'jf25xJvvO5v9d2ZQfbqDAJpTXGkPo05yL58KeY315J8=',
  },
  {
    vendor: 'Meta',
    options: meta,
    body: '{"object":"page","entry":[{"id":"1","time":1795285637,"changes":[{"field":"feed","value":{"message":"\\u3053\\u3093"}}]}]}',
    signature: 'sha256=f037f468613f3f0e2e77a914e2589b7e43be6c8d1dfc81a70d97ea988194e476',
  },
  {
    vendor: 'EC-CUBE',
    options: ecCube,
    body: '[{"entity":"order","id":13,"action":"created"}]',
    signature: '858bf0bfefbb2131c108faf15fa56f77ad5f3ac7b8c2971233cc57eda3ad0577',
  },
  {
    vendor: 'Square',
    options: square,
    body: '{"merchant_id":"M","type":"payment.updated","event_id":"e"}',
    signature: 'fmqaaqiV84QvhHuCsSMO0IpKnHgNd1IKXnB9K7G0ot0=',
  },
])('signs as $vendor does', ({ options, body, signature }) => {
  const request = signHmac(options)(rawRequest({ body }));
  expect(request.headers[options.header.toLowerCase()]).toBe(signature);
  expect(hmacSignature(options)(request)).toBe(true);
  expect(hmacSignature(options)(signHmac({ ...options, secret: 'another' })(rawRequest({ body })))).toBe(false);
});

const vector =
  'b2k4Q58pC2FDvqDTEW1yobHxZAYyqPa-21PUl4FjOtA.eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc5NTI4NTYzNywidXNlcl9pZCI6IjIxODQ3MSJ9';

it('makes a signed_request as Meta does', () => {
  const payload = { algorithm: 'HMAC-SHA256', issued_at: 1795285637, user_id: '218471' };
  expect(signedRequest(payload, 'app-secret')).toBe(vector);
  const { body, headers } = signMetaForm('app-secret')(rawRequest({ json: payload }));
  expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(new URLSearchParams(Buffer.from(body).toString()).get('signed_request')).toBe(vector);
});

it('signs the timestamp and the body as SendGrid does', () => {
  const { privateKey, publicKey } = ecdsaKeys();
  const time = clock('2026-11-21T18:27:17Z');
  const { body, headers } = signSendGrid(privateKey, time.now)(rawRequest({ body: '[{"event":"bounce"}]\r\n' }));
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  const signed = Buffer.concat([Buffer.from('1795285637'), body]);
  const signature = Buffer.from(headers['x-twilio-email-event-webhook-signature'] ?? '', 'base64');
  expect(headers['x-twilio-email-event-webhook-timestamp']).toBe('1795285637');
  expect(verify('sha256', signed, key, signature)).toBe(true);
});

it.each([
  ['1', 'sha1'],
  ['2', 'sha256'],
] as const)('signs as Amazon SNS does, version %s', (version, algorithm) => {
  const { privateKey, certificate } = snsKeys();
  const message = { Type: 'Notification', MessageId: 'm1', TopicArn: 'arn', Message: '{}', Timestamp: '2026-01-05T00:00:00Z' };
  const request = signSns({ privateKey, certUrl: 'https://sns.example/c.pem', version })(rawRequest({ json: message }));
  const { Signature, ...sent } = JSON.parse(Buffer.from(request.body).toString());
  expect(sent).toEqual({ ...message, SignatureVersion: version, SigningCertURL: 'https://sns.example/c.pem' });
  const lines = 'Message\n{}\nMessageId\nm1\nTimestamp\n2026-01-05T00:00:00Z\nTopicArn\narn\nType\nNotification\n';
  expect(verify(algorithm, Buffer.from(lines), certificate, Buffer.from(Signature, 'base64'))).toBe(true);
  expect(request.headers['x-amz-sns-message-type']).toBe('Notification');
});

it('sends a shared secret where the vendor puts it', () => {
  expect(sendSecret('Pilgrim-Secret', 's3cret')(rawRequest()).headers).toEqual({ 'pilgrim-secret': 's3cret' });
  const { body } = sendSecretInForm('secret', 's3cret')(rawRequest({ form: { checkin: '{"id":"c1"}' } }));
  expect(Object.fromEntries(new URLSearchParams(Buffer.from(body).toString()))).toEqual({ checkin: '{"id":"c1"}', secret: 's3cret' });
});
