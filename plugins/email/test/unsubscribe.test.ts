import { createDesk } from '@enishi/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokens } from '../src/token.ts';
import { createMailing, deliveryOf, linkIn, type Mailing, requestFor } from './smtp.ts';

const desk = createDesk();

async function sentLink(mailing: Mailing): Promise<string> {
  await mailing.send(deliveryOf({}));
  return linkIn(mailing.smtp.mails[0]?.raw ?? '');
}

describe('the unsubscribe link of a mail', () => {
  it('withdraws the consent it was sent under, with evidence, by a bare POST', async () => {
    await using mailing = await createMailing();
    const request = requestFor(await sentLink(mailing), { headers: { 'user-agent': 'Mailbox/1' } });
    expect(mailing.unsubscribe.verify(request, desk)).toBe(true);
    expect(await mailing.unsubscribe.receive(undefined, request, desk)).toMatchObject([
      {
        type: 'email.unsubscribed',
        identifiers: { email: 'hanako@example.jp' },
        properties: { purpose: 'marketing', delivery: deliveryOf({}).id, way: 'one-click' },
        consents: [
          { purpose: 'marketing', channel: 'email', state: 'WITHDRAWN', evidence: { kind: 'unsubscribe-link', userAgent: 'Mailbox/1' } },
        ],
      },
    ]);
    expect(await mailing.unsubscribe.answer?.(request, desk)).toBeUndefined();
  });

  it('does not care what the body looks like', async () => {
    await using mailing = await createMailing();
    const link = await sentLink(mailing);
    for (const body of [{ 'List-Unsubscribe': 'One-Click' }, {}, undefined, 'noise'])
      expect(mailing.unsubscribe.body.safeParse(body).success).toBe(true);
    expect(mailing.unsubscribe.verify(requestFor(link, { body: Buffer.alloc(0) }), desk)).toBe(true);
  });

  it('asks a person with a page that changes nothing and posts back to the same address', async () => {
    await using mailing = await createMailing();
    const page = await mailing.unsubscribe.page?.(requestFor(await sentLink(mailing), { method: 'GET' }), desk);
    expect(page).toMatchObject({ status: 200, contentType: 'text/html; charset=utf-8' });
    expect(page?.body).toContain('配信を停止する / Unsubscribe');
    expect(page?.body).toContain('<form method="post">');
    expect(page?.body).toContain('h***@example.jp');
    expect(page?.body).not.toContain('hanako@');
    const pressed = requestFor(await sentLink(mailing), { headers: { accept: 'text/html,*/*' } });
    expect(await mailing.unsubscribe.receive(undefined, pressed, desk)).toMatchObject([{ properties: { way: 'page' } }]);
    expect((await mailing.unsubscribe.answer?.(pressed, desk))?.body).toContain('配信を停止しました');
  });

  it('is refused when it was forged, cut, sealed elsewhere, or taken to another workspace', async () => {
    await using mailing = await createMailing();
    const link = await sentLink(mailing);
    const token = new URL(link).searchParams.get('token') ?? '';
    const forged = tokens('another secret of the tests').seal({
      workspace: 'main',
      email: 'hanako@example.jp',
      purpose: 'marketing',
      delivery: 'x',
    });
    for (const wrong of [forged, token.slice(0, -4), `${token}AAAA`, '', 'x'.repeat(3000)]) {
      const request = requestFor(link, { query: { workspace: 'main', token: wrong } });
      expect(mailing.unsubscribe.verify(request, desk)).toBe(false);
      expect(await mailing.unsubscribe.receive(undefined, request, desk)).toEqual([]);
      expect(await mailing.unsubscribe.page?.(request, desk)).toMatchObject({ status: 400 });
    }
    for (const query of [{ workspace: 'other', token }, { token }])
      expect(mailing.unsubscribe.verify(requestFor(link, { query }), desk)).toBe(false);
  });

  it('goes on working after the secret was changed', () => {
    const subscription = { workspace: 'main', email: 'a@example.jp', purpose: 'marketing', delivery: 'd' };
    const token = tokens('the first secret').seal(subscription);
    expect(tokens('the second secret', ['the first secret']).open(token)).toEqual(subscription);
    expect(tokens('the second secret').open(token)).toBeUndefined();
  });

  it('survives no change of any byte', () => {
    const { seal, open } = tokens('a secret of the tests');
    const bytes = Buffer.from(seal({ workspace: 'main', email: 'a@example.jp', purpose: 'marketing', delivery: 'd' }), 'base64url');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (index, difference) => {
        const changed = Buffer.from(bytes);
        changed[index] = (changed[index] ?? 0) ^ difference;
        expect(open(changed.toString('base64url'))).toBeUndefined();
      }),
    );
  });
});
