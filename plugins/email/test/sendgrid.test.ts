import { generateKeyPairSync, sign } from 'node:crypto';
import { email } from '@enishi/plugin-email';
import type { Draft, RawRequest } from '@enishi/plugin-sdk';
import { createDesk, ecdsaKeys, rawRequest, signSendGrid, type TestDesk } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { createMailing, deliveryOf } from './smtp.ts';

const { privateKey, publicKey } = ecdsaKeys();

async function createSendgrid() {
  const mailing = await createMailing({ sendgrid: { publicKey } });
  const source = mailing.sources.sendgrid;
  if (source?.kind !== 'webhook') throw new Error('the plugin has no source for SendGrid');
  const receive = async (events: unknown, desk: TestDesk = createDesk()): Promise<readonly Draft[]> =>
    source.receive(source.body.parse(events), rawRequest({ json: events }), desk);
  const verify = async (request: RawRequest): Promise<boolean> => source.verify(request, createDesk());
  return { source, mailing, receive, verify, [Symbol.asyncDispose]: () => mailing[Symbol.asyncDispose]() };
}

const event = (kind: string, over: Record<string, unknown> = {}) => ({
  email: 'taro@example.jp',
  timestamp: 1795285637,
  event: kind,
  sg_event_id: `${kind}-1`,
  sg_message_id: 'm-1.filter',
  enishi_delivery: 'd-1',
  enishi_workspace: 'main',
  ...over,
});

describe('the proof of SendGrid', () => {
  it('is over the timestamp and the raw body, its last line break included', async () => {
    await using sendgrid = await createSendgrid();
    const body = '[{"email":"t@e.x","event":"bounce"}]\r\n';
    const timestamp = '1795285637';
    const headers = {
      'X-Twilio-Email-Event-Webhook-Signature': sign('sha256', Buffer.from(timestamp + body), privateKey).toString('base64'),
      'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
    };
    expect(await sendgrid.verify(rawRequest({ body, headers }))).toBe(true);
    expect(await sendgrid.verify(rawRequest({ body: body.trim(), headers }))).toBe(false);
    expect(
      await sendgrid.verify(rawRequest({ body, headers: { ...headers, 'X-Twilio-Email-Event-Webhook-Timestamp': '1795285638' } })),
    ).toBe(false);
    expect(await sendgrid.verify(rawRequest({ body }))).toBe(false);
  });

  it('holds for the key of the settings alone', async () => {
    await using sendgrid = await createSendgrid();
    const request = rawRequest({ json: [event('open')] });
    expect(await sendgrid.verify(signSendGrid(privateKey)(request))).toBe(true);
    expect(await sendgrid.verify(signSendGrid(ecdsaKeys().privateKey)(request))).toBe(false);
  });

  it('needs a key that is one', () => {
    const sound = { host: 'smtp.example', from: 'news@shop.example', unsubscribeSecret: 'a secret of the tests' };
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' });
    for (const wrong of ['', 'no key', rsa.toString('base64')])
      expect(() => email({ ...sound, sendgrid: { publicKey: wrong } })).toThrow(/verification key/);
  });
});

describe('what SendGrid tells', () => {
  it.each([
    ['bounce', { type: 'bounce', status: '5.1.1', reason: '550 5.1.1 user unknown' }, 'hard'],
    ['bounce', { type: 'bounce', reason: '550 rejected' }, 'hard'],
    ['bounce', { type: 'bounce', status: '5.2.2', reason: '552 mailbox full' }, 'soft'],
    ['bounce', { type: 'bounce', status: '5.7.1', reason: '550 5.7.1 spam' }, 'blocked'],
    ['bounce', { type: 'blocked', status: '5.7.1', reason: '550 blocked' }, 'blocked'],
    ['bounce', { type: 'blocked', status: '4.0.0', reason: '421 later' }, 'soft'],
    ['dropped', { reason: 'Bounced Address' }, 'hard'],
    ['dropped', { reason: 'Invalid' }, 'hard'],
    ['dropped', { reason: ' invalid\r\n' }, 'hard'],
    ['dropped', { reason: 'Invalid SMTPAPI header' }, 'blocked'],
    ['dropped', { reason: 'Recipient List over Package Quota' }, 'blocked'],
    ['dropped', { reason: 'Spam Content' }, 'blocked'],
    ['dropped', {}, 'blocked'],
  ])('of a %s with %j is %s', async (kind, over, severity) => {
    await using sendgrid = await createSendgrid();
    const drafts = await sendgrid.receive([event(kind, over)]);
    expect(drafts[0]).toMatchObject({
      type: 'email.bounced',
      id: `${kind}-1`,
      at: new Date(1795285637_000),
      identifiers: { email: 'taro@example.jp' },
      properties: { severity, delivery: 'd-1', reporter: 'sendgrid' },
    });
    expect(drafts.slice(1).map(({ type }) => type)).toEqual(severity === 'hard' ? ['enishi.address_suppressed'] : []);
  });

  it('of complaints, opens, clicks and people who leave becomes events', async () => {
    await using sendgrid = await createSendgrid();
    const drafts = await sendgrid.receive([
      event('processed'),
      event('delivered'),
      event('deferred'),
      event('spamreport'),
      event('open', { sg_machine_open: true }),
      event('click', { url: 'https://shop.example/?a=1' }),
      event('group_unsubscribe', { asm_group_id: 7 }),
      event('dropped', { reason: 'Unsubscribed Address' }),
      event('dropped', { reason: 'Spam Reporting Address' }),
    ]);
    expect(drafts).toMatchObject([
      { type: 'email.complained', id: 'spamreport-1' },
      { type: 'enishi.address_suppressed' },
      { type: 'email.opened', properties: { machine: true, delivery: 'd-1' } },
      { type: 'email.clicked', properties: { url: 'https://shop.example/?a=1' } },
      {
        type: 'email.unsubscribed',
        properties: { purpose: 'marketing', way: 'provider' },
        consents: [{ purpose: 'marketing', channel: 'email', state: 'WITHDRAWN', evidence: { kind: 'sendgrid' } }],
      },
      { type: 'email.complained', id: 'dropped-1' },
      { type: 'enishi.address_suppressed' },
    ]);
  });

  it('of no known shape is kept aside with the reason and harms none of its neighbours', async () => {
    await using sendgrid = await createSendgrid();
    const drafts = await sendgrid.receive([
      { hello: 'world' },
      event('bounce', { email: 7 }),
      { event: 'bounce' },
      event('open'),
      event('open', { sg_event_id: '2', enishi_workspace: 'other' }),
    ]);
    const aside = drafts.filter(({ type }) => type === 'email.report_unreadable');
    expect(aside.map(({ properties }) => properties)).toMatchObject([
      { payload: { hello: 'world' } },
      { problem: expect.stringContaining('email') },
      { payload: { event: 'bounce' }, problem: expect.stringContaining('sg_event_id') },
    ]);
    expect(drafts.filter((draft) => !aside.includes(draft)).map(({ id }) => id)).toEqual(['open-1']);
  });
});

describe('a mail sent through SendGrid', () => {
  it('carries what makes its events name the delivery', async () => {
    await using sendgrid = await createSendgrid();
    await sendgrid.mailing.send(deliveryOf({}));
    const raw = (sendgrid.mailing.smtp.mails[0]?.raw ?? '').replace(/\r\n[ \t]+/g, ' ');
    const [, json = '{}'] = /^X-SMTPAPI: (.*)\r$/im.exec(raw) ?? [];
    expect(JSON.parse(json)).toEqual({ unique_args: { enishi_delivery: deliveryOf({}).id, enishi_workspace: 'main' } });
  });
});
