import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testPlugin } from '@enishi/testkit/conformance';
import { ads } from '../src/index.ts';
import { googleOn, metaOn, person } from './world.ts';

const recipient = person(1);
const another = (n: number) => person(n);

testPlugin(ads, async (vendor) => {
  const folder = await mkdtemp(join(tmpdir(), 'enishi-ads-'));
  const byFile = { message: { list: 'gold' }, recipient, another, key: 'none', overHttp: false } as const;
  return {
    config: {
      meta: { ...metaOn(vendor), conversions: { dataset: '555' } },
      google: googleOn(vendor),
      line: { folder },
      yahoo: { folder },
    },
    destinations: {
      conversions: {
        message: { event: 'Lead', actionSource: 'other' },
        recipient,
        another,
        key: (request) => (request.json() as { data?: { event_id: string }[] }).data?.map(({ event_id }) => event_id).join(),
        says: {
          busy: {
            status: 400,
            json: { error: { code: 80004, message: 'too many calls' } },
            headers: { 'x-business-use-case-usage': '{"1":[{"type":"ads_management","estimated_time_to_regain_access":2}]}' },
            afterSeconds: 120,
          },
          unauthorised: { status: 400, json: { error: { code: 190, message: 'Error validating access token' } } },
          refusal: { json: { error: { code: 100, message: 'Invalid parameter' } } },
        },
      },
    },
    audiences: {
      meta: {
        message: { audience: '120' },
        recipient,
        another,
        key: 'none',
        says: { refusal: { json: { error: { code: 1, message: 'An unknown error occurred' } } } },
      },
      google: {
        message: { userList: '7788990011' },
        recipient,
        another,
        key: 'none',
        says: {
          busy: {
            status: 429,
            json: { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'quota', details: [{ retryDelay: '30s' }] } },
            afterSeconds: 30,
          },
          refusal: { json: { error: { code: 400, status: 'INVALID_ARGUMENT', message: 'no' } } },
        },
      },
      line: byFile,
      yahoo: byFile,
    },
    stop: () => rm(folder, { recursive: true }),
  };
});
