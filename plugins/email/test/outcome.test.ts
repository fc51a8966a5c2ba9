import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createDesk } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { outcomeOfError } from '../src/outcome.ts';
import { createMailing, deliveryOf, type Mailing, refusal } from './smtp.ts';

describe('a server that', () => {
  it.each([
    [550, '5.1.1 no such user', 'unreachable'],
    [550, '5.2.1 mailbox disabled', 'unreachable'],
    [550, 'Unknown user hanako@docomo.ne.jp', 'unreachable'],
    [550, '5.4.1 recipient address rejected', 'rejected'],
    [552, '5.2.2 mailbox full', 'retry'],
    [554, '5.7.1 policy', 'rejected'],
    [450, '4.2.1 busy', 'retry'],
    [421, 'come back later', 'retry'],
  ])('answers %i %s to a recipient: %s', async (code, text, status) => {
    await using mailing = await createMailing({}, { onRcptTo: (_address, _session, done) => done(refusal(code, text)) });
    expect(await mailing.send(deliveryOf({}))).toEqual([{ status, reason: expect.stringContaining(text) }]);
  });

  it.each([
    ['Greylisted, see you in 7 minutes', 420],
    ['4.7.1 Mailbox is greylisted', 300],
    ['4.2.0 <hanako@example.jp>: Recipient address rejected: Greylisted for 00:02:30', 150],
    ['greylist: wait 5 s', 60],
    ['Graylisting: come back in 48 hours', 3600],
  ])('turns away whoever knocks the first time, with "%s", is asked again in %i s', async (text, afterSeconds) => {
    await using mailing = await createMailing({}, { onRcptTo: (_address, _session, done) => done(refusal(451, text)) });
    expect(await mailing.send(deliveryOf({}))).toMatchObject([{ status: 'retry', afterSeconds }]);
  });

  it('refuses the sender says nothing about the recipient', async () => {
    await using mailing = await createMailing({}, { onMailFrom: (_address, _session, done) => done(refusal(550, '5.1.1 unknown user')) });
    expect(await mailing.send(deliveryOf({}))).toMatchObject([{ status: 'rejected' }]);
  });

  it('turns everybody away at the door is asked again: no mail is lost over it', async () => {
    await using mailing = await createMailing({}, { onConnect: (_session, done) => done(refusal(554, '5.7.1 your address is blocked')) });
    expect(await mailing.send(deliveryOf({}))).toMatchObject([{ status: 'retry' }]);
  });

  it('has no TLS where it is required is sent nothing, and the operator is asked', async () => {
    await using mailing = await createMailing({ requireTls: true });
    expect(await mailing.send(deliveryOf({}))).toMatchObject([{ status: 'fix-credentials', reason: expect.stringContaining('STARTTLS') }]);
    expect(mailing.smtp.mails).toHaveLength(0);
  });

  it('shows a certificate that nobody vouches for is sent nothing', async () => {
    await using mailing = await createMailing({}, { disabledCommands: [] });
    expect(await mailing.send(deliveryOf({}))).toMatchObject([{ status: 'retry', reason: expect.stringMatching(/certificate/) }]);
    expect(mailing.smtp.mails).toHaveLength(0);
  });

  it.each([
    [554, 'rejected'],
    [451, 'retry'],
  ])('answers %i after the content: %s', async (code, status) => {
    await using mailing = await createMailing(
      {},
      { onData: (stream, _session, done) => void stream.resume().on('end', () => done(refusal(code, 'x'))) },
    );
    expect(await mailing.send(deliveryOf({}))).toMatchObject([{ status }]);
  });

  it.each([
    [535, 'fix-credentials'],
    [454, 'retry'],
  ])('answers %i to the log-in: %s', async (code, status) => {
    await using mailing = await createMailing(
      { auth: { user: 'u', password: 'wrong' } },
      { allowInsecureAuth: true, onAuth: (_auth, _session, done) => done(refusal(code, 'no')) },
    );
    expect(await mailing.send(deliveryOf({}))).toMatchObject([{ status }]);
  });

  it('wants a log-in we do not have makes the operator look at the credentials', async () => {
    await using mailing = await createMailing({}, { authOptional: false });
    expect(await mailing.send(deliveryOf({}))).toMatchObject([{ status: 'fix-credentials', reason: expect.stringContaining('530') }]);
  });

  it('is away is asked again', async () => {
    const mailing = await createMailing();
    await mailing.smtp.stop();
    expect(await mailing.send(deliveryOf({}))).toMatchObject([{ status: 'retry' }]);
    await mailing.destination.close?.();
  });

  it('hangs before the content is given up when the host says so, and asked again', async () => {
    const giveUp = new AbortController();
    await using mailing = await createMailing({}, { onRcptTo: () => giveUp.abort() });
    expect(await mailing.send(deliveryOf({}), giveUp.signal)).toMatchObject([{ status: 'retry' }]);
  });

  it('falls silent after the last byte may have taken the mail: it is not sent a second time', async () => {
    const giveUp = new AbortController();
    await using mailing = await createMailing({}, { onData: (stream) => void stream.resume().on('end', () => giveUp.abort()) });
    expect(await mailing.send(deliveryOf({}), giveUp.signal)).toMatchObject([
      { status: 'rejected', reason: expect.stringContaining('did not say') },
    ]);
  });

  it('hangs up after the last byte may have taken the mail, too', async () => {
    await using mailing: Mailing = await createMailing(
      {},
      { onData: (stream) => void stream.resume().on('end', () => mailing.smtp.hangUp()) },
    );
    expect(await mailing.send(deliveryOf({}))).toMatchObject([{ status: 'rejected', reason: expect.stringContaining('did not say') }]);
  });

  it('never greets is given up by our own clock', async () => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    await using mailing = await createMailing({ port: (silent.address() as AddressInfo).port, timeoutSeconds: 0.2 });
    expect(await mailing.send(deliveryOf({}))).toMatchObject([{ status: 'retry' }]);
    silent.close();
  });

  it('answers well is healthy; one that is away says so', async () => {
    const mailing = await createMailing();
    await mailing.destination.healthCheck?.(createDesk());
    await mailing.smtp.stop();
    await expect(mailing.destination.healthCheck?.(createDesk())).rejects.toThrow(/ECONNREFUSED/);
    await mailing.destination.close?.();
  });
});

describe('an error', () => {
  it('of any shape has an outcome', () => {
    for (const odd of [undefined, null, 'text', 7, {}, new Error('x')])
      expect(outcomeOfError(odd, false)).toMatchObject({ status: 'retry', reason: expect.stringMatching(/./) });
  });
});
