import type { Draft, Pageful } from '@enishi/plugin-sdk';
import { createDesk, type TestDesk } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { startImap } from './imap.ts';
import { arf, dsn, prose } from './reports.ts';
import { createMailing, deliveryOf, type Mailing } from './smtp.ts';

interface Read {
  readonly drafts: readonly Draft[];
  readonly cursor: { readonly validity: string; readonly uid: number };
  readonly more: boolean;
}

/** The sent mail's head, as a bounce brings it back, and its stamp. */
async function sent(mailing: Mailing, email = 'hanako@example.jp') {
  const delivery = deliveryOf({});
  await mailing.send({ ...delivery, recipient: { ...delivery.recipient, identifiers: { email: [email] } } });
  const { raw = '', from = '' } = mailing.smtp.mails.at(-1) ?? {};
  const [head = ''] = raw.split('\r\n\r\n', 1);
  const stamp = /^bounce\+(.+)@shop\.example$/.exec(from)?.[1] ?? '';
  return { head, stamp, from };
}

/** Reads one page of the plugin's mailbox, from the start unless told otherwise. */
async function readFrom(mailing: Mailing, cursor?: unknown, desk: TestDesk = createDesk()): Promise<Read> {
  const source = mailing.sources.mailbox;
  if (source?.kind !== 'poll') throw new Error('the plugin has no mailbox');
  return (await source.read(cursor as never, desk)) as Pageful<Read['cursor']>;
}

const delivery = deliveryOf({}).id;
const identifiers = { email: 'hanako@example.jp' };

/** A letter that a mailbox program writes where its owner presses "unsubscribe", by the head of a mail. */
function leaving(head: string, over: (subject: string) => string = (subject) => subject): string {
  const [, to = '', query = ''] = /<mailto:([^?>]+)\?([^>]+)>/.exec(head.replace(/\r\n[ \t]+/g, ' ')) ?? [];
  const subject = over(new URLSearchParams(query).get('subject') ?? '');
  const lines = ['From: Hanako <hanako@elsewhere.example>', `To: ${to}`, `Subject: ${subject}`, 'Message-ID: <u1@elsewhere.example>'];
  return [...lines, 'Date: Sat, 21 Nov 2026 10:00:00 +0900', '', ''].join('\r\n');
}

/** A plugin that sends, and a mailbox with what `letters` makes of the mail it sent. */
async function returned(letters: (mail: { head: string; stamp: string; from: string }) => readonly string[], email?: string) {
  await using stack = new AsyncDisposableStack();
  const sender = stack.use(await createMailing({ bounceAddress: 'bounce@shop.example', unsubscribeMailbox: 'bounce@shop.example' }));
  const mail = await sent(sender, email);
  const imap = stack.use(await startImap(letters(mail).map((raw, index) => ({ uid: index + 1, raw }))));
  const mailing = stack.use(await createMailing({ bounceAddress: 'bounce@shop.example', mailbox: imap.settings }));
  const open = stack.move();
  return { mailing, mail, imap, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

describe('the mailbox for bounces', () => {
  it('names the delivery that bounced for good, and suppresses its address', async () => {
    await using world = await returned((mail) => [dsn({ stamp: mail.stamp })]);
    expect(world.mail.from).toBe(`bounce+${world.mail.stamp}@shop.example`);
    expect(await readFrom(world.mailing)).toMatchObject({
      drafts: [
        {
          type: 'email.bounced',
          id: `<20261121.1@mx.example.jp>/${delivery}`,
          at: new Date('2026-11-21T01:00:00Z'),
          identifiers,
          properties: { severity: 'hard', status: '5.1.1', reason: '550 5.1.1 user unknown', delivery, reporter: 'mailbox' },
        },
        { type: 'enishi.address_suppressed', identifiers, properties: { channel: 'email' } },
      ],
      cursor: { validity: '7', uid: 1 },
      more: false,
    });
  });

  it('takes a complaint whose address was blotted out: the link of the mail still names it', async () => {
    await using world = await returned((mail) => [arf({ head: mail.head }), arf({ head: mail.head }, 'not-spam')]);
    expect((await readFrom(world.mailing)).drafts).toMatchObject([
      { type: 'email.complained', identifiers, properties: { reason: 'abuse', delivery, reporter: 'mailbox' } },
      { type: 'enishi.address_suppressed', identifiers },
    ]);
  });

  it('suppresses the address it wrote to where the mail was forwarded to another that bounced', async () => {
    await using world = await returned((mail) => [dsn({ stamp: mail.stamp, email: 'elsewhere@example.com', head: mail.head })]);
    const { drafts } = await readFrom(world.mailing);
    expect(drafts.map((draft) => draft.identifiers)).toEqual([identifiers, identifiers]);
  });

  it('understands a server that follows no standard by the address it writes back to', async () => {
    const text = 'The following address had permanent fatal errors:\r\n<hanako@example.jp>\r\n  550 Unknown user hanako@example.jp';
    await using world = await returned((mail) => [prose(mail.stamp, text)]);
    expect((await readFrom(world.mailing)).drafts).toMatchObject([
      { type: 'email.bounced', properties: { severity: 'hard', reason: '550 Unknown user hanako@example.jp', delivery } },
      { type: 'enishi.address_suppressed' },
    ]);
  });

  it('finds a carrier address that breaks the rules, quoted or not', async () => {
    const email = 'hanako.@docomo.ne.jp';
    await using world = await returned(
      (mail) => [dsn({ stamp: mail.stamp, email: '"hanako."@docomo.ne.jp' }), prose(mail.stamp, '550 Unknown user hanako.@docomo.ne.jp')],
      email,
    );
    const { drafts } = await readFrom(world.mailing);
    expect(drafts.map((draft) => draft.identifiers.email)).toEqual([email, email, email, email]);
  });

  it('takes a mail that asks to unsubscribe, from whatever address, for the one our mail went to', async () => {
    await using world = await returned((mail) => [leaving(mail.head)]);
    const { drafts } = await readFrom(world.mailing);
    expect(drafts).toMatchObject([
      {
        type: 'email.unsubscribed',
        at: new Date('2026-11-21T01:00:00Z'),
        identifiers,
        properties: { purpose: 'marketing', delivery, way: 'mail' },
        consents: [{ purpose: 'marketing', channel: 'email', state: 'WITHDRAWN', evidence: { messageId: '<u1@elsewhere.example>' } }],
      },
    ]);
    expect((await readFrom(world.mailing)).drafts).toEqual(drafts);
  });

  it('unsubscribes nobody whom no token of ours names, and nobody for a letter that only quotes one', async () => {
    await using world = await returned((mail) => [
      leaving(mail.head, () => 'unsubscribe hanako@example.jp'),
      leaving(mail.head, (subject) => `${subject.slice(0, -4)}AAAA`),
      leaving(mail.head, (subject) => `Re: ${subject}`),
    ]);
    expect((await readFrom(world.mailing)).drafts).toEqual([]);
  });

  it('unsubscribes nobody in another workspace', async () => {
    await using world = await returned((mail) => [leaving(mail.head)]);
    expect((await readFrom(world.mailing, undefined, createDesk({ workspace: 'other' }))).drafts).toEqual([]);
  });

  it('leaves alone delays, absence notes, letters and spam', async () => {
    await using world = await returned((mail) => [
      dsn({ stamp: mail.stamp }, { action: 'delayed', status: '4.4.1' }),
      prose(mail.stamp, 'hanako@example.jp is away until 5.12.2026. 550 regards', {
        From: 'hanako@example.jp',
        'Auto-Submitted': 'auto-replied',
      }),
      prose(mail.stamp, 'Please remove hanako@example.jp, 550 5.1.1 user unknown', { From: 'somebody@example.jp' }),
      'Subject: buy\r\n\r\nnow',
    ]);
    const { drafts, cursor } = await readFrom(world.mailing);
    expect(drafts).toEqual([]);
    expect(cursor).toEqual({ validity: '7', uid: 4 });
  });

  it('believes no bounce that its own stamp does not vouch for', async () => {
    await using world = await returned((mail) => [
      dsn({ email: 'victim@example.jp' }),
      // A real stamp, from a mail somebody got, beside somebody else's address.
      dsn({ stamp: mail.stamp, email: 'victim@example.jp' }),
      dsn({ stamp: `${mail.stamp.slice(0, -1)}${mail.stamp.endsWith('0') ? '1' : '0'}` }),
    ]);
    expect((await readFrom(world.mailing)).drafts).toEqual([]);
    expect((await readFrom(world.mailing, undefined, createDesk({ workspace: 'other' }))).drafts).toEqual([]);
  });

  it('suppresses after three soft bounces within the window, and counts one that is read twice only once', async () => {
    const soft = (mail: { stamp: string }, day: number): string =>
      dsn({ stamp: mail.stamp }, { status: '5.2.2', text: '552 5.2.2 mailbox full' })
        .replace('20261121.1@', `2026112${day}.1@`)
        .replace('21 Nov', `${20 + day} Nov`);
    await using world = await returned((mail) => [soft(mail, 1), soft(mail, 2), soft(mail, 3)]);
    const desk = createDesk({ now: () => new Date('2026-11-30T00:00:00Z') });
    const types = async (): Promise<string[]> => (await readFrom(world.mailing, undefined, desk)).drafts.map(({ type }) => type);
    const expected = ['email.bounced', 'email.bounced', 'email.bounced', 'enishi.address_suppressed'];
    expect(await types()).toEqual(expected);
    expect((await readFrom(world.mailing, { validity: '7', uid: 2 }, desk)).drafts).toMatchObject([
      { properties: { severity: 'soft', status: '5.2.2' } },
      { type: 'enishi.address_suppressed' },
    ]);
    expect(Object.keys(desk.kept()).join()).not.toContain('hanako');
    const later = createDesk({ now: () => new Date('2026-11-30T00:00:00Z') });
    expect((await readFrom(world.mailing, { validity: '7', uid: 1 }, later)).drafts.map(({ type }) => type)).toEqual([
      'email.bounced',
      'email.bounced',
    ]);
  });

  it('counts no refusal of the mail itself against the address', async () => {
    await using world = await returned((mail) => [dsn({ stamp: mail.stamp }, { status: '5.7.1' })]);
    expect((await readFrom(world.mailing)).drafts).toMatchObject([{ type: 'email.bounced', properties: { severity: 'blocked' } }]);
  });

  it('goes on where it stopped, from the start after the server numbered its mails anew, and finds nothing new at the end', async () => {
    await using world = await returned((mail) => [dsn({ stamp: mail.stamp })]);
    const first = await readFrom(world.mailing);
    expect(await readFrom(world.mailing, first.cursor)).toEqual({ drafts: [], cursor: first.cursor, more: false });
    expect((await readFrom(world.mailing, { validity: '6', uid: 9 })).drafts).toEqual(first.drafts);
  });

  it('reads fifty letters at a time', async () => {
    await using world = await returned((mail) => [...Array.from({ length: 60 }, () => 'Subject: x\r\n\r\nx'), dsn({ stamp: mail.stamp })]);
    const first = await readFrom(world.mailing);
    expect(first).toMatchObject({ drafts: [], more: true, cursor: { uid: 50 } });
    const second = await readFrom(world.mailing, first.cursor);
    expect(second).toMatchObject({ more: false, cursor: { uid: 61 } });
    expect(second.drafts).toHaveLength(2);
  });

  it('is not stopped by a letter that is huge, endlessly nested or broken', async () => {
    const nested = Array.from(
      { length: 400 },
      (_, depth) => `--B${depth}\r\nContent-Type: multipart/mixed; boundary=B${depth + 1}\r\n\r\n`,
    );
    await using world = await returned((mail) => [
      `Content-Type: multipart/mixed; boundary=B0\r\n\r\n${nested.join('')}`,
      `${dsn({ stamp: mail.stamp }).replace('failed\r\n', `${'failed '.repeat(300_000)}\r\n`)}`,
      `Subject: ${'x'.repeat(400_000)}\r\n\r\nx`,
      '\0\u0001',
      dsn({ stamp: mail.stamp }),
    ]);
    const desk = createDesk();
    const { drafts, cursor } = await readFrom(world.mailing, undefined, desk);
    expect(drafts).toHaveLength(2);
    expect(cursor.uid).toBe(5);
    expect(desk.logged).toContainEqual(expect.objectContaining({ level: 'warn', message: expect.stringContaining('cannot be read') }));
  });

  it('says so when it cannot log in or the server is away', async () => {
    await using imap = await startImap();
    await using wrong = await createMailing({ mailbox: { ...imap.settings, auth: { user: 'bounce', password: 'another password' } } });
    await expect(readFrom(wrong)).rejects.toThrow();
    await using clear = await createMailing({ mailbox: { ...imap.settings, requireTls: true } });
    await expect(readFrom(clear)).rejects.toThrow(/STARTTLS/);
    await using away = await createMailing({ mailbox: { ...imap.settings, port: 1 } });
    await expect(readFrom(away)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('hangs up when it is told to', async () => {
    await using world = await returned((mail) => [dsn({ stamp: mail.stamp })]);
    await expect(readFrom(world.mailing, undefined, createDesk({ signal: AbortSignal.abort() }))).rejects.toThrow();
  });
});
