import { generateKeyPairSync } from 'node:crypto';
import { email } from '@enishi/plugin-email';
import { authenticate } from 'mailauth';
import { describe, expect, it } from 'vitest';
import { createMailing, deliveryOf } from './smtp.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'der' },
});
const dkim = { domain: 'shop.example', selector: 's1', privateKey };

/** What a mailbox provider finds when it checks the signature against the key in our DNS. */
async function verdictOn(raw: string) {
  const resolver = async (name: string, type: string): Promise<string[][]> => {
    if (type === 'TXT' && name === 's1._domainkey.shop.example') return [[`v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`]];
    throw Object.assign(new Error('no such record'), { code: 'ENOTFOUND' });
  };
  const { dkim: checked } = await authenticate(raw, {
    resolver,
    ip: '192.0.2.1',
    helo: 'shop.example',
    sender: 'news@shop.example',
    disableArc: true,
    disableBimi: true,
  });
  return checked.results[0];
}

describe('the signature of a mail', () => {
  it('holds, and covers both headers of the unsubscribe link', async () => {
    await using mailing = await createMailing({ dkim });
    await mailing.send(deliveryOf({ subject: '夏のセール', text: 'こんにちは', html: '<p>こんにちは</p>' }));
    const raw = mailing.smtp.mails[0]?.raw ?? '';
    const result = await verdictOn(raw);
    expect(result).toMatchObject({ status: { result: 'pass' }, signingDomain: 'shop.example', selector: 's1' });
    const signed = /\bh=([^;]+);/
      .exec(raw.replace(/\r\n[ \t]+/g, ''))?.[1]
      ?.toLowerCase()
      .split(':');
    expect(signed).toEqual(expect.arrayContaining(['from', 'list-unsubscribe', 'list-unsubscribe-post']));
  });

  it('breaks when somebody changes the link or the text', async () => {
    await using mailing = await createMailing({ dkim });
    await mailing.send(deliveryOf({ text: 'plain text' }));
    const raw = mailing.smtp.mails[0]?.raw ?? '';
    for (const changed of [
      raw.replace('plain text', 'other text'),
      raw.replace('List-Unsubscribe-Post: List', 'List-Unsubscribe-Post: Lost'),
    ]) {
      expect(changed).not.toBe(raw);
      expect((await verdictOn(changed))?.status.result).not.toBe('pass');
    }
  });

  it('does not make a mail count as handed over before its last byte has left', async () => {
    const giveUp = new AbortController();
    await using mailing = await createMailing({ dkim }, { onRcptTo: () => giveUp.abort() });
    expect(await mailing.send(deliveryOf({}), giveUp.signal)).toMatchObject([{ status: 'retry' }]);
    const late = new AbortController();
    await using silent = await createMailing({ dkim }, { onData: (stream) => void stream.resume().on('end', () => late.abort()) });
    expect(await silent.send(deliveryOf({}), late.signal)).toMatchObject([
      { status: 'rejected', reason: expect.stringContaining('did not say') },
    ]);
  });

  it('wants a key that can sign, and keeps it secret', () => {
    const sound = { host: 'smtp.example', from: 'news@shop.example', unsubscribeSecret: 'a secret of the tests' };
    expect(() => email({ ...sound, dkim: { ...dkim, privateKey: 'no key' } })).toThrow(/RSA private key/);
    expect(email({ ...sound, dkim }).secrets).toContain(privateKey);
  });
});
