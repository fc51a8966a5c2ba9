import { email } from '@enishi/plugin-email';
import { describe, expect, it } from 'vitest';
import { message } from '../src/message.ts';
import { createMailing, deliveryOf, linkIn } from './smtp.ts';

const header = (raw: string, name: string): string[] => raw.split(/\r\n\r\n/, 1)[0]?.match(new RegExp(`^${name}:`, 'gim')) ?? [];

describe('a mail', () => {
  it('is sent with Japanese subject, sender and text, under an id that follows from the delivery', async () => {
    await using mailing = await createMailing();
    const delivery = deliveryOf(
      { subject: '{{firstName}}様、ありがとうございます', text: '{{firstName}}様\nまたのご来店を。' },
      { firstName: '花子' },
    );
    const outcomes = await mailing.send(delivery);
    const messageId = String((await mailing.smtp.parsed()).messageId);
    expect(messageId).toMatch(new RegExp(`^<${delivery.id}\\.[0-9a-f]{16}@shop\\.example>$`));
    expect(outcomes).toEqual([{ status: 'delivered', reference: messageId }]);
    expect(mailing.smtp.mails).toMatchObject([{ from: 'news@shop.example', to: ['hanako@example.jp'] }]);
    const mail = await mailing.smtp.parsed();
    expect(mail.subject).toBe('花子様、ありがとうございます');
    expect(mail.from).toEqual({ name: 'えにし屋', address: 'news@shop.example' });
    expect(mail.text).toContain('花子様\nまたのご来店を。');
    expect(mail.html).toBeUndefined();
  });

  it('has a text part beside its HTML, and values in the HTML are escaped', async () => {
    await using mailing = await createMailing();
    const html = '<html><body><h1>{{firstName}}様</h1></body></html>';
    await mailing.send(deliveryOf({ text: '{{firstName}}様', html }, { firstName: '<img src=x>&花子' }));
    const [{ raw = '' } = {}] = mailing.smtp.mails;
    expect(raw).toMatch(/content-type: multipart\/alternative/i);
    expect(raw.match(/content-type: text\/(plain|html)/gi)).toHaveLength(2);
    const mail = await mailing.smtp.parsed();
    expect(mail.text).toContain('<img src=x>&花子様');
    expect(mail.html).toContain('<h1>&lt;img src&#x3D;x&gt;&amp;花子様</h1>');
    expect(mail.html).toMatch(/Unsubscribe<\/a><\/p><\/body>/);
  });

  it('offers one way out in a single header, with the address first and the mailbox after it', async () => {
    await using mailing = await createMailing({ unsubscribeMailbox: 'leave@shop.example' });
    await mailing.send(deliveryOf({}));
    const [{ raw = '' } = {}] = mailing.smtp.mails;
    expect(header(raw, 'List-Unsubscribe')).toHaveLength(1);
    expect(raw.replace(/\r\n[ \t]+/g, ' ')).toMatch(
      /^List-Unsubscribe: <https:\/\/cdp\.example\/[^>\s]+>, <mailto:leave@shop\.example\?subject=unsubscribe%20[\w-]+>$/m,
    );
    expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    expect(raw).not.toContain('hanako%40');
  });

  it('prints the way out under the text unless the template does so itself, and always the footer', async () => {
    await using mailing = await createMailing({ footer: 'えにし屋\n東京都千代田区1-1' });
    await mailing.send(deliveryOf({ text: 'one' }));
    await mailing.send(deliveryOf({ text: 'two: {{unsubscribeUrl}} for {{email}}' }));
    const [{ raw = '' } = {}] = mailing.smtp.mails;
    expect((await mailing.smtp.parsed(0)).text).toContain(
      `one\n\n--\nえにし屋\n東京都千代田区1-1\n配信停止 / Unsubscribe:\n${linkIn(raw)}`,
    );
    const second = (await mailing.smtp.parsed(1)).text ?? '';
    expect(second).toMatch(/^two: https:\/\/cdp\.example\/\S+ for hanako@example\.jp\n/);
    expect(second.match(/https:/g)).toHaveLength(1);
  });

  it('fills a value that is missing or empty with its fallback, reads nested names, and prints no object', async () => {
    await using mailing = await createMailing();
    const text =
      '{{firstName}}様 {{rank}} {{ec.favourite}} {{#points}}{{points}}点{{/points}}{{^coupon}}なし{{/coupon}} [{{address}}{{constructor}}]';
    const traits = { firstName: '', 'ec.favourite': ['傘', '靴'], points: 120, address: { city: '東京' } };
    await mailing.send(deliveryOf({ text, fallbacks: { firstName: 'お客', rank: '一般' } }, traits));
    expect((await mailing.smtp.parsed()).text).toContain('お客様 一般 傘, 靴 120点なし []');
  });

  it('keeps a value with line breaks from making a header', async () => {
    await using mailing = await createMailing();
    await mailing.send(deliveryOf({ subject: 'Hi {{firstName}}' }, { firstName: 'A\r\nBcc: all@example.jp' }));
    expect(mailing.smtp.mails[0]?.to).toEqual(['hanako@example.jp']);
    expect(mailing.smtp.mails[0]?.raw).not.toMatch(/^Bcc:/im);
    expect((await mailing.smtp.parsed()).subject).toBe('Hi A Bcc: all@example.jp');
  });

  it('may name another sender', async () => {
    await using mailing = await createMailing();
    await mailing.send(deliveryOf({ from: '店長 <boss@shop.example>' }));
    expect(mailing.smtp.mails[0]?.from).toBe('boss@shop.example');
  });
});

describe('the shape of a message', () => {
  const problemOf = (value: unknown): string | undefined => message.safeParse(value).error?.issues[0]?.message;

  it('refuses templates that cannot be rendered safely', () => {
    const sound = { subject: 's', text: 't' };
    expect(problemOf(sound)).toBeUndefined();
    expect(problemOf({ ...sound, text: '{{#rank}}open' })).toMatch(/Unclosed section/);
    expect(problemOf({ ...sound, text: '{{> other}}' })).toMatch(/partials/);
    expect(problemOf({ ...sound, html: '<p>{{#a}}{{{name}}}{{/a}}</p>' })).toMatch(/unescaped/);
    expect(problemOf({ ...sound, html: '<p>{{&name}}</p>' })).toMatch(/unescaped/);
    expect(problemOf({ ...sound, from: 'nobody' })).toMatch(/write an address/);
    expect(problemOf({ subject: 's' })).toBeTruthy();
    expect(problemOf({ ...sound, body: 'x' })).toBeTruthy();
  });

  it('is explained when the plugin is misconfigured, and its secrets are marked', () => {
    expect(() => email({ host: '', from: 'x', unsubscribeSecret: 'short' })).toThrow(/host[\s\S]*from[\s\S]*unsubscribeSecret/);
  });
});

describe('the envelope of a mail', () => {
  it('asks that a bounce comes back to an address of its own, with the stamp, and only for failures', async () => {
    await using mailing = await createMailing({ bounceAddress: 'bounce@shop.example' }, { hideDSN: false });
    await mailing.send(deliveryOf({}));
    const [{ from = '', options } = {}] = mailing.smtp.mails;
    const [, stamp = ''] = /^bounce\+(.+)@shop\.example$/.exec(from) ?? [];
    expect(stamp).toMatch(new RegExp(`^${deliveryOf({}).id}\\.[0-9a-f]{16}$`));
    expect(from.lastIndexOf('@')).toBeLessThanOrEqual(64);
    expect(options).toMatchObject({ from: { RET: 'HDRS', ENVID: stamp }, to: [{ notify: ['FAILURE'] }] });
    expect((await mailing.smtp.parsed()).messageId).toBe(`<${stamp}@shop.example>`);
  });

  it('is the same when a delivery is tried again: greylisting knows it by that', async () => {
    await using mailing = await createMailing({ bounceAddress: 'bounce@shop.example' });
    await mailing.send(deliveryOf({}));
    await mailing.send({ ...deliveryOf({}), attempt: 2 });
    expect(mailing.smtp.mails[1]?.from).toBe(mailing.smtp.mails[0]?.from);
  });

  it('needs a bounce address that leaves room for the stamp', () => {
    const sound = { host: 'smtp.example', from: 'news@shop.example', unsubscribeSecret: 'a secret of the tests' };
    expect(() => email({ ...sound, bounceAddress: 'returned-mail@shop.example' })).toThrow(/at most|may have 10/);
  });
});
