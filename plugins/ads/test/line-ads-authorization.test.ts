import { expect, it } from 'vitest';
import { lineAdsAuthorization } from '../src/index.ts';

const keys = { accessKey: 'LINEADSAMPLE', secretKey: 'LINEADSECRETKEYSAMPLE' };
const at = new Date('2021-12-22T09:00:00Z');

it('signs the request of the documentation as the documentation does', () => {
  const body = '{"name":"test","campaignObjective":"VISIT_MY_WEBSITE"}';
  const header = lineAdsAuthorization(keys, { path: '/api/v3/adaccounts/A1/campaigns', at, body, contentType: 'application/json' });
  const [, head = '', payload = '', signature] = /^Bearer ([^.]+)\.([^.]+)\.([^.]+)$/.exec(header) ?? [];
  expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'HS256', kid: 'LINEADSAMPLE', typ: 'text/plain' });
  expect(Buffer.from(payload, 'base64url').toString()).toBe(
    '49c87c1eb6e5588582c13b15212973f6a3ef644872d48fca3252f69043522b1a\napplication/json\n20211222\n/api/v3/adaccounts/A1/campaigns',
  );
  expect(signature).toBe('Krh1Xh-kWldS-MkOmNH6dmMdkWDTBVmnkDCZHlMRUoo=');
});

it('signs a request without a body over the digest of nothing and no content type', () => {
  const [, payload = ''] = lineAdsAuthorization(keys, { path: '/api/v3/adaccounts/A1/customaudiences', at }).split('.');
  expect(Buffer.from(payload, 'base64url').toString()).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\n20211222\n/api/v3/adaccounts/A1/customaudiences',
  );
});
