import { rawRequest, signedRequest } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { readSignedRequest } from '../src/goodbye/signed-request.ts';
import { appSecretProof } from '../src/graph/graph.ts';
import { readJson } from '../src/lossless.ts';
import { pluginFor, webhookOf } from './graph.ts';

const plugin = pluginFor({ url: 'https://graph.facebook.com' });
const updates = webhookOf(plugin, 'updates');
const desk = undefined as never;

describe('X-Hub-Signature-256', () => {
  // Facebook escapes what is not ASCII before it signs: the bytes are signed, not what they mean.
  const body = '{"object":"page","entry":[{"id":"1","time":1795285637,"changes":[{"field":"feed","value":{"message":"\\u3053\\u3093"}}]}]}';
  const signature = 'sha256=f037f468613f3f0e2e77a914e2589b7e43be6c8d1dfc81a70d97ea988194e476';
  const request = (sent: string, header?: string) =>
    rawRequest({ body: sent, headers: header === undefined ? {} : { 'X-Hub-Signature-256': header } });

  it('is the HMAC of the bytes as they came', () => expect(updates.verify(request(body, signature), desk)).toBe(true));

  it.each([
    ['the same JSON written anew', JSON.stringify(JSON.parse(body)), signature],
    ['one byte more', `${body} `, signature],
    ['the old SHA-1 header', body, 'sha1=0000'],
    ['no prefix', body, signature.slice(7)],
    ['capitals', body, signature.toUpperCase()],
    ['no header', body, undefined],
  ])('refuses %s', (_, sent, header) => expect(updates.verify(request(sent, header), desk)).toBe(false));
});

describe('setting the webhook up', () => {
  const page = (query: Record<string, string>) => updates.page?.(rawRequest({ method: 'GET', query }), desk);
  const asked = { 'hub.mode': 'subscribe', 'hub.verify_token': 'verify-me-please', 'hub.challenge': '1158201444' };

  it('answers the bare challenge to who knows the word', () =>
    expect(page(asked)).toEqual({ status: 200, contentType: 'text/plain; charset=utf-8', body: '1158201444' }));

  it.each([
    ['another word', { ...asked, 'hub.verify_token': 'guess' }],
    ['another mode', { ...asked, 'hub.mode': 'unsubscribe' }],
    ['nothing', {}],
  ])('answers 403 to %s', (_, query) => expect(page(query as Record<string, string>)).toMatchObject({ status: 403 }));
});

describe('signed_request', () => {
  const vector =
    'b2k4Q58pC2FDvqDTEW1yobHxZAYyqPa-21PUl4FjOtA.eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc5NTI4NTYzNywidXNlcl9pZCI6IjIxODQ3MSJ9';
  const [signature = '', payload = ''] = vector.split('.');

  it('is read where Facebook signed it', () =>
    expect(readSignedRequest(vector, 'app-secret')).toEqual({ algorithm: 'HMAC-SHA256', issued_at: 1795285637, user_id: '218471' }));

  it.each([
    ['another secret', vector, 'other-secret'],
    [
      'another payload',
      `${signature}.${Buffer.from('{"algorithm":"HMAC-SHA256","issued_at":1,"user_id":"1"}').toString('base64url')}`,
      'app-secret',
    ],
    ['no signature', `.${payload}`, 'app-secret'],
    ['a third part', `${vector}.x`, 'app-secret'],
    ['nothing', '', 'app-secret'],
  ])('is refused with %s', (_, text, secret) => expect(readSignedRequest(text, secret)).toBeUndefined());

  it('is refused with another algorithm, however well it is signed', () => {
    const none = signedRequest({ algorithm: 'none', issued_at: 1, user_id: '1' }, 'app-secret');
    expect(readSignedRequest(none, 'app-secret')).toBeUndefined();
  });
});

it('appsecret_proof is the hex HMAC-SHA256 of the token under the secret', () =>
  // printf user-token | openssl dgst -sha256 -hmac app-secret
  expect(appSecretProof('app-secret', 'user-token')).toBe('b5a94d985eb7b68467d28ca5375162d12b9ca8fe238615acc927c8a9c08d2e95'));

it('ids beyond 2^53 keep all their digits, other numbers stay numbers', () =>
  expect(readJson('{"id":10203040506070809,"time":1795285637,"rate":1.5,"text":"10203040506070809"}')).toEqual({
    id: '10203040506070809',
    time: 1795285637,
    rate: 1.5,
    text: '10203040506070809',
  }));
