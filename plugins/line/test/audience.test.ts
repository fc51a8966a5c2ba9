import type { AudienceChange, Recipient } from '@enishi/plugin-sdk';
import { changeNumber, clock } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { type FakeLine, fakeLine, userNumber } from './line.ts';
import { audiencesOf, deskFor } from './parts.ts';

const gold = { audience: 'ゴールド会員' };
const person = (n: number): Recipient => ({ id: `customer-${n}`, identifiers: { 'line.user': [userNumber(n)] }, traits: {} });
const change = (n: number, operation: 'ADD' | 'REMOVE' = 'ADD', attempt = 1): AudienceChange<never> =>
  changeNumber(n, gold as never, { operation, attempt, recipient: person(n) });

async function* everybody(...numbers: number[]) {
  for (const n of numbers) yield person(n);
}

function audienceOf(line: FakeLine) {
  const time = clock('2026-11-21T00:00:00Z');
  const desk = deskFor(line, { now: time.now });
  const { apply, replace, onErase } = audiencesOf(line.settings);
  return {
    time,
    desk,
    apply: (...changes: AudienceChange<never>[]) => apply(changes, desk),
    replace: async (...numbers: number[]) => replace?.(gold as never, everybody(...numbers), desk),
    erase: async (n: number) => onErase?.(person(n), desk),
    members: (name = 'ゴールド会員') => [...(line.audiences.get(name) ?? [])].toSorted(),
  };
}

describe('putting people into an audience', () => {
  it('makes it, and adds to it from then on', async () => {
    await using line = await fakeLine();
    const audience = audienceOf(line);
    expect(await audience.apply(change(1), change(2))).toEqual([{ status: 'delivered' }, { status: 'delivered' }]);
    expect(await audience.apply(change(2), change(3))).toEqual([{ status: 'delivered' }, { status: 'delivered' }]);
    expect(audience.members()).toEqual([1, 2, 3].map(userNumber));
    expect(line.audiences.size).toBe(1);
  });

  it('finds one of that name, whatever its case, when what was kept is lost', async () => {
    await using line = await fakeLine();
    const vip = (n: number, audience: string) => changeNumber(n, { audience } as never, { recipient: person(n) });
    await audienceOf(line).apply(vip(1, 'VIP'));
    await audienceOf(line).apply(vip(2, 'vip'));
    expect(audienceOf(line).members('VIP')).toEqual([1, 2].map(userNumber));
  });

  it('begins anew when somebody deleted it in the manager', async () => {
    await using line = await fakeLine();
    const audience = audienceOf(line);
    await audience.apply(change(1));
    const { groupId } = (await audience.desk.state.get<{ groupId: number }>('audience/ゴールド会員')) ?? {};
    const headers = { authorization: `Bearer ${line.settings.channelAccessToken}` };
    await fetch(`${line.api.url}/v2/bot/audienceGroup/${groupId}`, { method: 'DELETE', headers });
    expect(await audience.apply(change(2))).toEqual([{ status: 'delivered' }]);
    expect(audience.members()).toEqual([userNumber(2)]);
  });
});

describe('taking people out', () => {
  it('waits until the audience is made anew, and says why', async () => {
    await using line = await fakeLine();
    const audience = audienceOf(line);
    await audience.apply(change(1), change(2), change(3));
    expect(await audience.apply(change(2, 'REMOVE'))).toEqual([
      { status: 'waiting', reason: 'LINE takes nobody out of an audience: "ゴールド会員" has to be made anew', afterSeconds: 21_600 },
    ]);
    expect(audience.members()).toContain(userNumber(2));
    audience.time.advance(3600);
    await audience.replace(1, 3);
    expect(audience.members()).toEqual([1, 3].map(userNumber));
    expect([...line.audiences.keys()]).toEqual(['ゴールド会員']);
    expect(await audience.apply(change(2, 'REMOVE', 2))).toEqual([{ status: 'delivered' }]);
    expect(line.data.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /v2/bot/audienceGroup/upload/byFile']);
  });

  it('is done at once where LINE has no such audience', async () => {
    await using line = await fakeLine();
    expect(await audienceOf(line).apply(change(1, 'REMOVE'))).toEqual([{ status: 'delivered' }]);
  });

  it('does not take an audience made before for one made after', async () => {
    await using line = await fakeLine();
    const audience = audienceOf(line);
    await audience.replace(1, 2);
    audience.time.advance(60);
    expect(await audience.apply(change(2, 'REMOVE'))).toMatchObject([{ status: 'waiting' }]);
  });

  it('leaves an empty audience where nobody belongs to it any more', async () => {
    await using line = await fakeLine();
    const audience = audienceOf(line);
    await audience.apply(change(1));
    await audience.replace();
    expect([...line.audiences]).toEqual([['ゴールド会員', new Set()]]);
  });

  it('keeps asking to be erased until every audience was made anew', async () => {
    await using line = await fakeLine();
    const audience = audienceOf(line);
    await audience.erase(1);
    await audience.apply(change(1), change(2));
    audience.time.advance(60);
    await expect(audience.erase(2)).rejects.toThrow('still in audiences of LINE until they are made anew: ゴールド会員');
    audience.time.advance(60);
    await audience.replace(1);
    await audience.erase(2);
    expect(audience.members()).toEqual([userNumber(1)]);
  });
});
