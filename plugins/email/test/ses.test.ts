import type { Draft, RawRequest } from '@enishi/plugin-sdk';
import { createDesk, type FakeVendor, fakeVendor, rawRequest, signSns, snsKeys, type TestDesk } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { createMailing, deliveryOf } from './smtp.ts';

const topic = 'arn:aws:sns:ap-northeast-1:123456789012:ses-events';
const region = 'https://sns.ap-northeast-1.amazonaws.com';
const certUrl = `${region}/SimpleNotificationService-1.pem`;
const keys = snsKeys();
const sign = signSns({ privateKey: keys.privateKey, certUrl });

const notice = (inner: unknown, over: Record<string, string> = {}): RawRequest =>
  rawRequest({
    body: JSON.stringify({
      Type: 'Notification',
      MessageId: 'sns-1',
      TopicArn: topic,
      Message: typeof inner === 'string' ? inner : JSON.stringify(inner),
      Timestamp: '2026-11-21T18:31:41.000Z',
      ...over,
    }),
    headers: { 'content-type': 'text/plain; charset=UTF-8' },
  });

/** The plugin's webhook for SES, and what stands where Amazon stands. */
async function createSes() {
  await using stack = new AsyncDisposableStack();
  const vendor = stack.use(await fakeVendor());
  vendor.on('GET /SimpleNotificationService-1.pem', { body: keys.certificate });
  const mailing = stack.use(await createMailing({ ses: { topicArns: [topic], endpoint: vendor.url } }));
  const source = mailing.sources.ses;
  if (source?.kind !== 'webhook') throw new Error('the plugin has no source for SES');
  const desk = createDesk({ hosts: [vendor.host] });
  const verify = async (request: RawRequest): Promise<boolean> => source.verify(request, desk);
  const receive = async (request: RawRequest, at: TestDesk = desk): Promise<readonly Draft[]> =>
    source.receive(source.body.parse(JSON.parse(Buffer.from(sign(request).body).toString())), request, at);
  const open = stack.move();
  return { source, vendor, desk, verify, receive, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

const mail = {
  timestamp: '2026-11-21T18:31:36.000Z',
  messageId: '0106019a-m1',
  source: 'news@shop.example',
  destination: ['taro@example.jp'],
  tags: { 'enishi-delivery': ['d-1'], 'enishi-workspace': ['main'], 'ses:configuration-set': ['cdp'] },
};
const bounce = (over: Record<string, unknown> = {}) => ({
  eventType: 'Bounce',
  bounce: {
    feedbackId: '0106019-aaaa',
    bounceType: 'Permanent',
    bounceSubType: 'General',
    bouncedRecipients: [
      { emailAddress: 'taro@example.jp', action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
    ],
    timestamp: '2026-11-21T18:31:40.123Z',
    reportingMTA: 'dns; e234-1.smtp-out.ap-northeast-1.amazonses.com',
    ...over,
  },
  mail,
});

const routeOf = (vendor: FakeVendor): string[] => vendor.requests.map(({ path }) => path);
const types = (drafts: readonly Draft[]): string[] => drafts.map(({ type }) => type);

describe('what Amazon SES tells', () => {
  it.each(['1', '2'] as const)('is believed with signature version %s, by the certificate of the topic, fetched once', async (version) => {
    await using ses = await createSes();
    const request = signSns({ privateKey: keys.privateKey, certUrl, version })(notice(bounce()));
    expect(await ses.verify(request)).toBe(true);
    expect(await ses.verify(request)).toBe(true);
    expect(routeOf(ses.vendor)).toEqual(['/SimpleNotificationService-1.pem']);
    expect(ses.source.callId?.(request)).toBe('sns-1');
  });

  it('of a bounce for good suppresses the address and names the delivery', async () => {
    await using ses = await createSes();
    expect(await ses.receive(notice(bounce()))).toMatchObject([
      {
        type: 'email.bounced',
        id: '0106019-aaaa/taro@example.jp',
        at: new Date('2026-11-21T18:31:40.123Z'),
        identifiers: { email: 'taro@example.jp' },
        properties: { severity: 'hard', status: '5.1.1', delivery: 'd-1', reporter: 'ses' },
      },
      { type: 'enishi.address_suppressed', identifiers: { email: 'taro@example.jp' } },
    ]);
  });

  it.each([
    ['Transient', 'MailboxFull', 'soft'],
    ['Transient', 'ContentRejected', 'blocked'],
    ['Undetermined', 'Undetermined', 'soft'],
  ])('of a bounce that is %s %s does not suppress at once', async (bounceType, bounceSubType, severity) => {
    await using ses = await createSes();
    expect(await ses.receive(notice(bounce({ bounceType, bounceSubType })))).toMatchObject([
      { type: 'email.bounced', properties: { severity } },
    ]);
  });

  it('of a complaint suppresses; one taken back does not', async () => {
    await using ses = await createSes();
    const complaint = (complaintFeedbackType: string | null) => ({
      notificationType: 'Complaint',
      complaint: {
        feedbackId: 'c-1',
        timestamp: '2026-11-21T19:00:00.000Z',
        complainedRecipients: [{ emailAddress: 'Taro <taro@example.jp>' }],
        complaintFeedbackType,
      },
      mail,
    });
    expect(await ses.receive(notice(complaint('abuse')))).toMatchObject([
      { type: 'email.complained', identifiers: { email: 'taro@example.jp' }, properties: { reason: 'abuse' } },
      { type: 'enishi.address_suppressed' },
    ]);
    expect(types(await ses.receive(notice(complaint(null))))).toHaveLength(2);
    expect(await ses.receive(notice(complaint('not-spam')))).toEqual([]);
  });

  it('of opens and clicks becomes events; of the rest nothing', async () => {
    await using ses = await createSes();
    const timestamp = '2026-11-21T20:00:00.000Z';
    expect(await ses.receive(notice({ eventType: 'Open', open: { timestamp, ipAddress: '192.0.2.1' }, mail }))).toMatchObject([
      { type: 'email.opened', id: 'sns-1', at: new Date(timestamp), properties: { delivery: 'd-1', reporter: 'ses' } },
    ]);
    expect(await ses.receive(notice({ eventType: 'Click', click: { timestamp, link: 'https://shop.example/' }, mail }))).toMatchObject([
      { type: 'email.clicked', properties: { url: 'https://shop.example/' } },
    ]);
    for (const eventType of ['Send', 'Delivery', 'Reject', 'DeliveryDelay'])
      expect(await ses.receive(notice({ eventType, mail }))).toEqual([]);
    expect(await ses.receive(notice('Successfully validated SNS topic for Amazon SES event publishing.'))).toEqual([]);
  });

  it('of another workspace is left to that one', async () => {
    await using ses = await createSes();
    expect(await ses.receive(notice(bounce()), createDesk({ workspace: 'other' }))).toEqual([]);
  });

  it('is kept with a reason where it is no event', async () => {
    await using ses = await createSes();
    await expect(ses.receive(notice({ hello: 'world' }))).rejects.toThrow(/no event of Amazon SES: mail/);
  });
});

describe('what is not from Amazon', () => {
  it('is refused: another topic, another key, a changed message, a certificate from elsewhere', async () => {
    await using ses = await createSes();
    const changed = (request: RawRequest, over: Record<string, string>): RawRequest => ({
      ...request,
      body: Buffer.from(JSON.stringify({ ...(JSON.parse(Buffer.from(request.body).toString()) as object), ...over })),
    });
    const genuine = sign(notice(bounce()));
    const forgeries = [
      sign(notice(bounce(), { TopicArn: 'arn:aws:sns:ap-northeast-1:999999999999:mine' })),
      signSns({ privateKey: snsKeys().privateKey, certUrl })(notice(bounce())),
      changed(genuine, { Message: JSON.stringify(bounce({ bouncedRecipients: [{ emailAddress: 'victim@example.jp' }] })) }),
      changed(genuine, { SignatureVersion: '3' }),
      changed(genuine, { Signature: '' }),
      rawRequest({ body: 'no json' }),
      rawRequest({ body: 'null' }),
      ...[
        'https://sns.ap-northeast-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem',
        'https://evil.example/sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-1.pem',
        'https://sns.ap-northeast-1.amazonaws.com@evil.example/SimpleNotificationService-1.pem',
        'https://x@sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-1.pem',
        'http://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-1.pem',
        'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem',
        'https://sns.ap-northeast-1.amazonaws.com:8443/SimpleNotificationService-1.pem',
        `${region}/SimpleNotificationService-1.txt`,
        'not an address',
      ].map((certUrl) => signSns({ privateKey: keys.privateKey, certUrl })(notice(bounce()))),
    ];
    for (const forged of forgeries) expect(await ses.verify(forged)).toBe(false);
    expect(await ses.verify(genuine)).toBe(true);
  });
});

describe('the subscription to a topic', () => {
  const invitation = (over: Record<string, string> = {}): RawRequest =>
    notice('You have chosen to subscribe to the topic', {
      Type: 'SubscriptionConfirmation',
      Token: 'token-1',
      SubscribeURL: `${region}/?Action=ConfirmSubscription&TopicArn=${topic}&Token=token-1`,
      ...over,
    });

  it('is confirmed where the settings name the topic, at Amazon and nowhere else', async () => {
    await using ses = await createSes();
    ses.vendor.on('GET /', { body: '<ConfirmSubscriptionResponse><ConfirmSubscriptionResult/></ConfirmSubscriptionResponse>' });
    const request = sign(invitation());
    expect(await ses.verify(request)).toBe(true);
    expect(await ses.receive(request)).toEqual([]);
    expect(ses.vendor.requests.at(-1)?.query).toMatchObject({ Action: 'ConfirmSubscription', Token: 'token-1' });
    await expect(ses.receive(invitation({ SubscribeURL: 'https://evil.example/' }))).rejects.toThrow(/not one of Amazon/);
    await expect(ses.receive(invitation({ SubscribeURL: 'http://169.254.169.254/' }))).rejects.toThrow(/not one of Amazon/);
  });

  it('is tried again where Amazon does not confirm', async () => {
    await using ses = await createSes();
    ses.vendor.on('GET /', { body: '<html>proxy</html>' });
    await expect(ses.receive(invitation())).rejects.toThrow(/did not confirm/);
    ses.vendor.fault('busy');
    await expect(ses.receive(invitation())).rejects.toMatchObject({ name: 'ComeBackLater', afterSeconds: 7 });
  });
});

describe('a mail sent through Amazon SES', () => {
  it('is tagged with its delivery and workspace', async () => {
    await using mailing = await createMailing({ ses: { topicArns: [topic], configurationSet: 'cdp' } });
    await mailing.send(deliveryOf({}));
    const raw = (mailing.smtp.mails[0]?.raw ?? '').replace(/\r\n[ \t]+/g, ' ');
    expect(raw).toMatch(new RegExp(`^X-SES-MESSAGE-TAGS: enishi-delivery=${deliveryOf({}).id}, enishi-workspace=main\\r$`, 'im'));
    expect(raw).toMatch(/^X-SES-CONFIGURATION-SET: cdp\r$/im);
  });
});
