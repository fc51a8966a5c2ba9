import { describe, expect, it } from 'vitest';
import { readReport } from '../src/feedback/report.ts';
import { arf, dsn, prose } from './reports.ts';

const read = (raw: string) => readReport(Buffer.from(raw));

describe('a bounce', () => {
  it('is read whatever the case of its names and however its lines are folded', async () => {
    const raw = dsn({}, { text: '550 5.1.1\r\n  <hanako@example.jp>:\r\n\tuser unknown' }).replace('Action: failed', 'ACTION:   Failed');
    expect(await read(raw)).toMatchObject({ kind: 'hard', status: '5.1.1', reason: '550 5.1.1 <hanako@example.jp>: user unknown' });
  });

  it.each([
    ['5.1.1', '550 5.1.1 user unknown', 'hard', '5.1.1'],
    ['5.0.0', '550 5.1.1 user unknown', 'hard', '5.1.1'],
    ['5.0.0', '550 Unknown user hanako@docomo.ne.jp', 'hard', '5.0.0'],
    ['5.4.4', 'Host or domain name not found', 'hard', '5.4.4'],
    ['5.1.10', '556 5.1.10 null MX', 'hard', '5.1.10'],
    ['5.2.2', '552 5.2.2 over quota', 'soft', '5.2.2'],
    ['5.0.0', '552 mailbox full', 'soft', '5.0.0'],
    ['4.4.7', 'delivery time expired', 'soft', '4.4.7'],
    ['5.7.1', '550 5.7.1 user unknown to our policy', 'blocked', '5.7.1'],
    ['5.2.3', '552 5.2.3 message too large', 'blocked', '5.2.3'],
  ])('with status %s and "%s" is %s', async (...row) => {
    const [status, text, kind, meant] = row;
    expect(await read(dsn({}, { status, text }))).toMatchObject({ kind, status: meant });
  });

  it('in UTF-8 (RFC 6533) is read, too', async () => {
    const raw = dsn({ email: '花子@example.jp' }).replace('message/delivery-status\r\n', 'message/global-delivery-status\r\n');
    expect(await read(raw.replace('rfc822; 花子', 'utf-8; 花子'))).toMatchObject({ kind: 'hard', status: '5.1.1' });
  });

  it.each(['delayed', 'delivered', 'relayed', 'expanded'])('that says "%s" is none', async (action) => {
    expect(await read(dsn({}, { action }))).toBeUndefined();
  });
});

describe('a complaint', () => {
  it.each(['abuse', 'fraud', 'virus', 'other', 'opt-out'])('of the kind %s counts', async (kind) => {
    expect(await read(arf({}, kind))).toMatchObject({ kind: 'complaint', reason: kind });
  });

  it.each(['not-spam', 'auth-failure', 'dmarc'])('of the kind %s does not', async (kind) => {
    expect(await read(arf({}, kind))).toBeUndefined();
  });
});

describe('a letter', () => {
  it('in prose counts only from a daemon that quotes a reply', async () => {
    expect(await read(prose('s', '<hanako@example.jp>: 550 5.1.1 user unknown'))).toMatchObject({ kind: 'hard', status: '5.1.1' });
    expect(await read(prose('s', 'Hello, how are you?'))).toBeUndefined();
    expect(await read(prose('s', '550 5.1.1 user unknown', { From: 'taro@example.jp' }))).toBeUndefined();
  });
});
