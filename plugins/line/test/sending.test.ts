import type { Outcome } from '@enishi/plugin-sdk';
import { clock } from '@enishi/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FakeLine, fakeLine, userNumber } from './line.ts';
import { deliveryTo, deskFor, messagesOf, textMessage } from './parts.ts';

const people = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);
const hello = textMessage('こんにちは');

/** A destination on its own, with a desk that remembers between calls. */
function senderOf(line: FakeLine, desk = deskFor(line)) {
  const destination = messagesOf(line.settings);
  return { destination, desk, send: async (...deliveries: never[]): Promise<readonly Outcome[]> => destination.send(deliveries, desk) };
}

const calls = (line: FakeLine): string[] => line.api.requests.map(({ path }) => path).filter((path) => /push|multicast/.test(path));
const keys = (line: FakeLine): (string | undefined)[] =>
  line.api.requests.filter(({ path }) => /push|multicast/.test(path)).map(({ headers }) => headers['x-line-retry-key']);

describe('one message to many', () => {
  it('goes by multicast, 500 at a time', async () => {
    await using line = await fakeLine();
    const outcomes = await senderOf(line).send(...people(501).map((n) => deliveryTo(n, hello)));
    expect(calls(line)).toEqual(['/v2/bot/message/multicast', '/v2/bot/message/push']);
    expect(line.sent.map(({ to }) => to)).toEqual(people(501).map(userNumber));
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['delivered']));
  });

  it('goes by push to whom it reads differently', async () => {
    await using line = await fakeLine();
    const named = textMessage('{{firstName}}様', { fallbacks: { firstName: 'お客様' } });
    const deliveries = [deliveryTo(1, named, { traits: { firstName: '花子' } }), deliveryTo(2, named), deliveryTo(3, named)];
    await senderOf(line).send(...deliveries);
    const texts = new Map(line.sent.map(({ to, messages, by }) => [to, [by, messages[0]?.text]]));
    expect(texts.get(userNumber(1))).toEqual(['push', '花子様']);
    expect(texts.get(userNumber(2))).toEqual(['multicast', 'お客様様']);
    expect(texts.get(userNumber(3))).toEqual(['multicast', 'お客様様']);
  });

  it('reaches the others when LINE refuses one of them', async () => {
    await using line = await fakeLine();
    const gone = `U${'0'.repeat(28)}dead`;
    const outcomes = await senderOf(line).send(deliveryTo(1, hello), deliveryTo(2, hello, { user: gone }), deliveryTo(3, hello));
    expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'rejected', 'delivered']);
    expect(outcomes[1]).toMatchObject({ reason: '400 Failed to send messages' });
    expect(line.sent.map(({ to }) => to)).toEqual([userNumber(1), userNumber(3)]);
  });
});

describe('asking again', () => {
  it('carries the same key, so that LINE takes a message once', async () => {
    await using line = await fakeLine();
    const { send } = senderOf(line);
    await send(deliveryTo(1, hello));
    const [again] = await send(deliveryTo(1, hello, { attempt: 2 }));
    expect(again).toEqual({ status: 'delivered', reference: 'request-3' });
    expect(line.sent).toHaveLength(1);
    expect(new Set(keys(line)).size).toBe(1);
    expect(keys(line)[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  const lost = { on: 'POST /v2/bot/message/multicast', times: 1 };
  const again = (...numbers: number[]) => numbers.map((n) => deliveryTo(n, hello, { attempt: 2 }));

  it('asks for a multicast that did not come through with its own key, for whoever is still to get it', async () => {
    await using line = await fakeLine();
    const { send } = senderOf(line);
    line.breakDown();
    expect((await send(...people(4).map((n) => deliveryTo(n, hello)))).map(({ status }) => status)).toEqual(people(4).map(() => 'retry'));
    expect(line.sent).toEqual([]);
    for (const some of [again(2, 3), again(1, 4), again(2), again(1)])
      expect((await send(...some)).map(({ status }) => status)).toEqual(some.map(() => 'delivered'));
    expect(line.sent.map(({ to }) => to).toSorted()).toEqual(people(4).map(userNumber));
  });

  it.for(['whose answer was lost', 'that the host does not remember'])('sends nobody twice by a multicast %s', async (how) => {
    await using line = await fakeLine();
    const { send } = senderOf(line);
    // LINE takes the call; only its answer is another.
    if (how === 'whose answer was lost') line.api.fault({ status: 500, json: { message: 'Internal Server Error' } }, lost);
    await send(...people(3).map((n) => deliveryTo(n, hello)));
    for (const some of [again(2), again(1, 3), again(2)])
      expect((await send(...some)).map(({ status }) => status)).toEqual(some.map(() => 'delivered'));
    expect(line.sent.map(({ to }) => to)).toEqual(people(3).map(userNumber));
  });
});

describe('a multicast in parts', () => {
  const parts = (...numbers: number[]) => numbers.map((n) => deliveryTo(n, hello, { attempt: 2 }));

  it('loses nobody when two parts ask again at once', async () => {
    await using line = await fakeLine();
    const { send } = senderOf(line);
    line.breakDown();
    await send(...people(4).map((n) => deliveryTo(n, hello)));
    const outcomes = await Promise.all([send(...parts(1, 2)), send(...parts(3, 4))]);
    const waiting = outcomes.flat().filter(({ status }) => status === 'retry');
    expect(waiting).toHaveLength(2);
    await send(...(outcomes[0]?.[0]?.status === 'retry' ? parts(1, 2) : parts(3, 4)));
    expect(line.sent.map(({ to }) => to).toSorted()).toEqual(people(4).map(userNumber));
  });

  it('goes on when whoever was asking has died', async () => {
    await using line = await fakeLine();
    const time = clock();
    const { send, desk } = senderOf(line, deskFor(line, { now: time.now }));
    line.breakDown();
    await send(...people(2).map((n) => deliveryTo(n, hello)));
    const key = await desk.state.get<string>(`multicast/${(deliveryTo(1, hello) as { id: string }).id}`);
    await desk.state.delete(`free/${key}`);
    await desk.state.set(`asking/${key}`, 'asker', { forSeconds: 120 });
    for (const seconds of [90, 90, 90]) {
      expect(await send(...parts(1, 2))).toMatchObject([{ status: 'retry', afterSeconds: 90 }, { status: 'retry' }]);
      time.advance(seconds);
    }
    expect(await send(...parts(1, 2))).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }]);
    expect(line.sent).toHaveLength(2);
  });

  it('reaches nobody twice, and everybody it does not own up to, however LINE fails and however the host cuts the retries', async () => {
    const trouble = fc.constantFrom('none', 'down', 'lost', 'busy');
    const cut = fc.array(fc.nat(3), { minLength: 6, maxLength: 6 });
    const rounds = fc.array(fc.record({ trouble, cut }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(rounds, async (list) => {
        await using line = await fakeLine();
        const time = clock();
        const { send } = senderOf(line, deskFor(line, { now: time.now }));
        let waiting = people(6);
        const admitted: number[] = [];
        for (const [n, round] of [...list, ...Array.from({ length: 6 }, () => ({ trouble: 'none', cut: [0, 1, 0, 1, 0, 1] }))].entries()) {
          if (round.trouble === 'down') line.breakDown();
          if (round.trouble === 'lost') line.api.fault({ status: 502, body: 'bad gateway' }, { on: 'POST', times: 1 });
          if (round.trouble === 'busy') line.breakDown(429);
          const still: number[] = [];
          for (const part of [0, 1, 2, 3]) {
            const some = waiting.filter((one) => round.cut[one - 1] === part);
            const outcomes = await send(...some.map((one) => deliveryTo(one, hello, { attempt: n + 1 })));
            still.push(...some.filter((_, index) => outcomes[index]?.status === 'retry'));
            admitted.push(...some.filter((_, index) => outcomes[index]?.status === 'rejected'));
          }
          waiting = still;
          time.advance(100);
        }
        expect(waiting).toEqual([]);
        const reached = line.sent.map(({ to }) => to);
        expect(reached).toEqual([...new Set(reached)]);
        expect(people(6).filter((one) => !admitted.includes(one) && !reached.includes(userNumber(one)))).toEqual([]);
        // Two answers have to be lost before nobody can tell.
        if (list.filter((round) => round.trouble === 'lost' || round.trouble === 'down').length < 2) expect(admitted).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('that LINE was too busy for goes out by itself, each once', async () => {
    await using line = await fakeLine();
    const { send } = senderOf(line);
    await send(deliveryTo(9, hello));
    line.limitTo(1);
    expect((await send(...people(4).map((n) => deliveryTo(n, hello)))).map(({ status }) => status)).toEqual(people(4).map(() => 'retry'));
    line.limitTo(undefined);
    await Promise.all([send(...parts(1, 2)), send(...parts(3, 4))]);
    expect(line.sent.map(({ to }) => to).toSorted()).toEqual([...people(4), 9].map(userNumber));
  });
});

describe('the quota of the month', () => {
  it('sends as many as there is room for, and keeps the rest for the next month', async () => {
    await using line = await fakeLine();
    line.limitTo(2);
    const time = clock('2026-11-30T14:59:00Z');
    const { send } = senderOf(line, deskFor(line, { now: time.now }));
    const outcomes = await send(...people(3).map((n) => deliveryTo(n, hello)));
    expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'retry']);
    // One minute before December in Japan.
    expect(outcomes[2]).toMatchObject({ afterSeconds: 60, reason: expect.stringContaining('used up') });
    expect(calls(line)).toHaveLength(1);
    time.advance(30);
    expect(await send(deliveryTo(4, hello))).toMatchObject([{ status: 'retry', afterSeconds: 30 }]);
  });

  it('believes LINE when it knows better', async () => {
    await using line = await fakeLine();
    const { send, desk } = senderOf(line, deskFor(line, { now: clock('2026-12-31T14:00:00Z').now }));
    await send(deliveryTo(1, hello));
    line.limitTo(1);
    expect(await send(deliveryTo(2, hello))).toEqual([
      { status: 'retry', reason: '429 You have reached your monthly limit.', afterSeconds: 3600 },
    ]);
    expect(desk.logged).toEqual([]);
  });

  it('does not hold messages back because it cannot be read', async () => {
    await using line = await fakeLine();
    line.api.fault('broken', { on: 'GET /v2/bot/message/quota' });
    const { send, desk } = senderOf(line);
    expect(await send(deliveryTo(1, hello))).toMatchObject([{ status: 'delivered' }]);
    expect(desk.logged).toMatchObject([{ level: 'warn', message: 'the quota of LINE could not be read' }]);
  });

  it('is asked once a minute, not for each message', async () => {
    await using line = await fakeLine();
    const { send } = senderOf(line);
    await send(deliveryTo(1, hello));
    await send(deliveryTo(2, hello));
    expect(line.api.requests.filter(({ path }) => path.endsWith('/quota'))).toHaveLength(1);
  });
});

describe('what LINE says', () => {
  const bad = { message: 'The request body has 1 error(s)', details: [{ message: 'May not be empty', property: 'messages[0].text' }] };

  it.for([
    [
      { status: 400, json: bad },
      { status: 'rejected', reason: '400 The request body has 1 error(s): May not be empty (messages[0].text)' },
    ],
    [{ status: 403, json: { message: 'Access to this API is not available for your account' } }, { status: 'fix-credentials' }],
    [{ status: 429, json: { message: 'The API rate limit has been exceeded. Try again later.' } }, { status: 'retry' }],
    [{ status: 413, json: { message: 'Request Entity Too Large' } }, { status: 'rejected' }],
    [{ status: 500, json: { message: 'Internal Server Error' } }, { status: 'retry' }],
    [{ status: 200, json: { message: 'maintenance' } }, { status: 'retry' }],
  ] as const)('%j', async ([answer, outcome]) => {
    await using line = await fakeLine();
    line.api.fault(answer, { on: 'POST' });
    const { send } = senderOf(line);
    expect(await send(deliveryTo(1, hello))).toMatchObject([outcome]);
    expect(await send(deliveryTo(2, hello), deliveryTo(3, hello))).toMatchObject([outcome, outcome]);
  });

  it('rejects a message that is empty for somebody, and sends it to the others', async () => {
    await using line = await fakeLine();
    const { send } = senderOf(line);
    const outcomes = await send(deliveryTo(1, textMessage('{{nickname}}')), deliveryTo(2, hello));
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: '{{nickname}} is empty for this customer: give it a fallback' },
      { status: 'delivered' },
    ]);
  });
});

describe('looking first', () => {
  it('shows the message and what LINE says to it, and sends nothing', async () => {
    await using line = await fakeLine();
    const { destination, desk } = senderOf(line);
    const { parts = [] } = (await destination.preview?.(deliveryTo(1, textMessage('{{a}}円引き'), { traits: { a: 500 } }), desk)) ?? {};
    expect(parts.map(({ name, body }) => [name, name === 'messages' ? JSON.parse(body) : body])).toEqual([
      ['messages', [{ type: 'text', text: '500円引き' }]],
      ['text', '500円引き'],
      ['verdict', 'LINE accepts it.'],
    ]);
    expect(line.sent).toEqual([]);
  });

  it('is healthy with good credentials and room in the month', async () => {
    await using line = await fakeLine();
    const { destination, desk } = senderOf(line);
    await destination.healthCheck?.(desk);
    line.limitTo(0);
    await expect(messagesOf(line.settings).healthCheck?.(desk)).rejects.toThrow('used up');
    await expect(messagesOf({ ...line.settings, channelAccessToken: 'stale' }).healthCheck?.(desk)).rejects.toThrow(
      '401 Authentication failed',
    );
  });
});
