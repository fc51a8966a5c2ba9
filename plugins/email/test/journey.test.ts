import { listDeliveries, saveSegment } from '@enishi/core';
import { email } from '@enishi/plugin-email';
import { clock, createTestEnishi, ecdsaKeys, rawRequest, signSendGrid } from '@enishi/testkit';
import type { SMTPServerOptions } from 'smtp-server';
import { describe, expect, it } from 'vitest';
import { startImap } from './imap.ts';
import { dsn } from './reports.ts';
import { linkIn, refusal, startSmtp } from './smtp.ts';

const saveProgram = 'mutation ($input: ProgramInput!) { saveProgram(input: $input) { __typename } }';

/** An Enishi that greets whoever becomes a gold member, and the SMTP server it greets through. */
async function createShop(over: Partial<Parameters<typeof email>[0]> = {}, options: SMTPServerOptions = {}) {
  const smtp = await startSmtp(options);
  const settings = { host: '127.0.0.1', port: smtp.port, from: 'news@shop.example', unsubscribeSecret: 'a secret of the tests', ...over };
  const time = clock('2026-11-21T12:00:00.000Z');
  const enishi = await createTestEnishi({ plugins: [email(settings)], now: time.now });
  const { line, workspace, database } = enishi;
  await saveSegment(line, workspace, { key: 'gold', name: 'Gold', rule: { trait: 'rank', is: 'gold' } });
  const input = {
    key: 'gold-greeting',
    name: 'Gold greeting',
    segment: 'gold',
    trigger: 'ENTERED',
    destination: 'email.message',
    message: { subject: '{{firstName}}様、ゴールド会員へようこそ', text: '{{firstName}}様' },
  };
  const saved = await enishi.graphql('marketer', saveProgram, { input });
  expect(saved).toEqual({ data: { saveProgram: { __typename: 'Program' } } });
  /** Somebody's rank changes; a consent may come with it. */
  const rank = async (value: string, state?: 'GIVEN') => {
    time.advance(1);
    const consents = state ? [{ purpose: 'marketing', channel: 'email', state }] : [];
    const identifiers = { email: 'hanako@example.jp' };
    const event = { type: 'enishi.identified', identifiers, traits: { rank: value, firstName: '花子' }, consents };
    expect(await line.accept(workspace, 'api', [event])).toMatchObject([{ status: 'ACCEPTED' }]);
    await enishi.settle();
  };
  const statuses = async () => (await listDeliveries(database, workspace.id)).deliveries.map(({ status, reason }) => ({ status, reason }));
  return {
    enishi,
    smtp,
    time,
    rank,
    statuses,
    [Symbol.asyncDispose]: async () => {
      await enishi[Symbol.asyncDispose]();
      await smtp.stop();
    },
  };
}

const delivered = { status: 'DELIVERED', reason: null };
const withdrawn = { status: 'SUPPRESSED', reason: 'consent withdrawn: marketing/email' };

describe('from an event to a mail and back', () => {
  it('the link in the mail ends the mail, at once and without a log-in', async () => {
    await using shop = await createShop();
    await shop.rank('gold', 'GIVEN');
    expect(await shop.statuses()).toEqual([delivered]);
    expect((await shop.smtp.parsed()).subject).toBe('花子様、ゴールド会員へようこそ');
    const link = new URL(linkIn(shop.smtp.mails[0]?.raw ?? ''));

    const page = await shop.enishi.http.get(link.pathname + link.search).expect(200);
    expect(page.text).toContain('Unsubscribe');
    await shop.rank('silver');
    await shop.rank('gold');
    expect(await shop.statuses()).toEqual([delivered, delivered]);

    const post = () => shop.enishi.http.post(link.pathname + link.search);
    await post().type('form').send('List-Unsubscribe=One-Click').expect(200);
    await post().field('List-Unsubscribe', 'One-Click').expect(200);
    await shop.rank('silver');
    await shop.rank('gold');
    expect(await shop.statuses()).toEqual([withdrawn, delivered, delivered]);
    expect(shop.smtp.mails).toHaveLength(2);
  });

  it('a forged link does nothing', async () => {
    await using shop = await createShop();
    await shop.rank('gold', 'GIVEN');
    const link = new URL(linkIn(shop.smtp.mails[0]?.raw ?? ''));
    const token = link.searchParams.get('token') ?? '';
    link.searchParams.set('token', `${token.slice(0, 40)}${token[40] === 'x' ? 'y' : 'x'}${token.slice(41)}`);
    await shop.enishi.http.post(link.pathname + link.search).expect(401);
    await shop.rank('silver');
    await shop.rank('gold');
    expect(await shop.statuses()).toEqual([delivered, delivered]);
  });
});

describe('an address that takes no mail any more', () => {
  const dead = { status: 'DEAD', reason: expect.stringContaining('5.1.1') };
  const suppressed = { status: 'SUPPRESSED', reason: expect.stringContaining('suppressed') };

  it('is written to no more when the server says so at once', async () => {
    await using shop = await createShop({}, { onRcptTo: (_address, _session, done) => done(refusal(550, '5.1.1 no such user')) });
    await shop.rank('gold', 'GIVEN');
    await shop.rank('silver');
    await shop.rank('gold');
    expect(await shop.statuses()).toEqual([suppressed, dead]);
  });

  it('is written to no more when the mail comes back into the mailbox', async () => {
    await using imap = await startImap();
    await using shop = await createShop({ bounceAddress: 'bounce@shop.example', mailbox: imap.settings });
    await shop.rank('gold', 'GIVEN');
    const [, stamp = ''] = /^bounce\+(.+)@shop\.example$/.exec(shop.smtp.mails[0]?.from ?? '') ?? [];
    imap.append(dsn({ stamp }));
    shop.time.advance(60);
    await shop.enishi.settle();
    await shop.rank('silver');
    await shop.rank('gold');
    expect(await shop.statuses()).toEqual([suppressed, delivered]);
  });

  it('is written to no more when the provider says so, by a signed call', async () => {
    const { privateKey, publicKey } = ecdsaKeys();
    await using shop = await createShop({ sendgrid: { publicKey } });
    await shop.rank('gold', 'GIVEN');
    const events = [{ email: 'hanako@example.jp', timestamp: 1795285637, event: 'spamreport', sg_event_id: 'e-1' }];
    const { headers, body } = signSendGrid(privateKey)(rawRequest({ json: events }));
    const call = () => shop.enishi.http.post('/hooks/email/sendgrid').set(headers as Record<string, string>);
    await call()
      .send(`${Buffer.from(body).toString()} `)
      .expect(401);
    expect((await call().send(Buffer.from(body).toString())).ok).toBe(true);
    await shop.enishi.settle();
    await shop.rank('silver');
    await shop.rank('gold');
    expect(await shop.statuses()).toEqual([suppressed, delivered]);
  });
});
