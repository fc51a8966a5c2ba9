import { clock } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { type FakeLine, fakeLine, lineEvent, userNumber } from './line.ts';
import { deskFor, hookOf, linkOf, received } from './parts.ts';

const accountLink = { page: 'https://shop.example/login?from=line' };
const departure = { state: 'of-the-house', returnUrl: 'https://cdp.example/links/line/account-link/return' };
const taro = { user: 'taro', 'line.user': userNumber(1) };
const begin = () => fakeLine({ accountLink });

const answer = (nonce: string, over: Record<string, unknown> = {}) =>
  lineEvent('accountLink', { replyToken: 't', link: { result: 'ok', nonce }, ...over });

async function depart(line: FakeLine, identifiers: Record<string, string>, desk = deskFor(line)) {
  const address = new URL(await linkOf(line.settings, 'account-link').depart({ ...departure, identifiers }, desk));
  return { address, desk, nonce: address.searchParams.get('nonce') ?? '' };
}

describe('tying a LINE account to one of ours', () => {
  it('sends the person to LINE with a link token and a nonce nobody can guess', async () => {
    await using line = await begin();
    const { address, nonce, desk } = await depart(line, taro);
    expect(address.origin + address.pathname).toBe('https://access.line.me/dialog/bot/accountLink');
    expect(address.searchParams.get('linkToken')).toMatch(/^link-token-/);
    expect(nonce).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(desk.kept()).toEqual({ [`nonce/${nonce}`]: { secret: true } });
    expect((await depart(line, taro)).nonce).not.toBe(nonce);
  });

  it.for([
    ['somebody who is logged in', { 'line.user': userNumber(1) }, 'name who is logged in beside line.user'],
    ['the LINE account', { user: 'taro' }, 'name the LINE account as line.user'],
  ] as const)('needs %s', async ([, identifiers, why]) => {
    await using line = await begin();
    await expect(depart(line, identifiers)).rejects.toThrow(why);
    expect(line.api.requests).toEqual([]);
  });

  it('ties the two when LINE brings the nonce back', async () => {
    await using line = await begin();
    const { desk, nonce } = await depart(line, { ...taro, member: '1000001' });
    const [draft] = await received(hookOf(line.settings), [answer(nonce)], desk);
    expect(draft).toMatchObject({
      type: 'line.account_linked',
      identifiers: { ...taro, member: '1000001' },
    });
  });

  it('takes a nonce once, but gives a redelivered answer the same event', async () => {
    await using line = await begin();
    const { desk, nonce } = await depart(line, taro);
    const hook = hookOf(line.settings);
    const event = answer(nonce);
    const first = await received(hook, [event], desk);
    expect(await received(hook, [event], desk)).toEqual(first);
    const [stolen] = await received(hook, [answer(nonce, { source: { type: 'user', userId: userNumber(2) } })], desk);
    expect(stolen).toMatchObject({ type: 'line.account_link_failed', properties: { reason: 'unknown-nonce' } });
    expect(stolen?.identifiers).toEqual({ 'line.user': userNumber(2) });
  });

  it.for([
    ['a nonce nobody gave out', 'refused', 'b2xkLW5vbmNlLWV4YW1wbGU', {}, 'unknown-nonce'],
    ['an answer that says failed', 'given', '', { link: true }, 'refused-by-line'],
    ['another LINE account than the one that asked', 'given', '', { source: { type: 'user', userId: userNumber(9) } }, 'somebody-else'],
  ] as const)('ties nobody for %s', async ([, which, invented, over, reason]) => {
    await using line = await begin();
    const { desk, nonce } = await depart(line, taro);
    const sent = which === 'given' ? nonce : invented;
    const about = 'link' in over ? { link: { result: 'failed', nonce: sent } } : over;
    const [draft] = await received(hookOf(line.settings), [answer(sent, about)], desk);
    expect(draft).toMatchObject({ type: 'line.account_link_failed', properties: { reason } });
    expect(Object.keys(draft?.identifiers ?? {})).toEqual(['line.user']);
  });

  it('forgets the nonce after ten minutes', async () => {
    await using line = await begin();
    const time = clock();
    const { desk, nonce } = await depart(line, taro, deskFor(line, { now: time.now }));
    time.advance(601);
    const [draft] = await received(hookOf(line.settings), [answer(nonce)], desk);
    expect(draft).toMatchObject({ properties: { reason: 'unknown-nonce' } });
  });
});

describe('asking for it in the chat', () => {
  const pressed = (over: Record<string, unknown> = {}) =>
    lineEvent('postback', { replyToken: 'reply-1', postback: { data: 'enishi:link' }, ...over });

  it('is answered with a button to our log-in page', async () => {
    await using line = await begin();
    const [draft] = await received(hookOf(line.settings), [pressed()], deskFor(line));
    expect(draft?.type).toBe('line.postback_received');
    expect(line.api.requests.map((request) => request.path)).toEqual(['/v2/bot/message/reply']);
    expect(line.api.requests[0]?.json()).toMatchObject({
      replyToken: 'reply-1',
      messages: [
        {
          type: 'template',
          template: { actions: [{ uri: `https://shop.example/login?from=line&lineUser=${userNumber(1)}` }] },
        },
      ],
    });
  });

  it.each([
    ['another button', { postback: { data: 'action=buy' } }],
    ['a channel in standby, where another bot has the word', { mode: 'standby' }],
  ])('is not answered for %s', async (_, over) => {
    await using line = await begin();
    expect(await received(hookOf(line.settings), [pressed(over)], deskFor(line))).toHaveLength(1);
    expect(line.api.requests).toEqual([]);
  });

  it('costs no event when LINE does not take the answer', async () => {
    await using line = await begin();
    line.api.fault('broken');
    const desk = deskFor(line);
    const drafts = await received(hookOf(line.settings), [pressed(), lineEvent('unfollow')], desk);
    expect(drafts.map(({ type }) => type)).toEqual(['line.postback_received', 'line.unfollowed']);
    expect(desk.logged).toMatchObject([{ level: 'warn', details: { reason: '500 Internal Server Error' } }]);
  });
});
