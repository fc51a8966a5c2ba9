import { archiveSegment, listLinks, revokeLink, saveSegment, setProgramActive } from '@enishi/core';
import { describe, expect, it } from 'vitest';
import { agreed, createAudienceWorld, golden, silver, withdrawn } from './world.ts';

const hanako = { email: 'hanako@shop.example' };
const taro = { email: 'taro@shop.example' };

describe("a partner's audience", () => {
  it('holds whoever is in the segment and agreed, and lets go of whoever leaves', async () => {
    await using world = await createAudienceWorld();
    await world.tell(hanako, { ...golden, ...agreed });
    await world.tell(taro, golden);
    await world.worker.settle();
    expect(world.partner.people).toEqual([hanako.email]);
    world.pass(1);
    await world.tell(hanako, silver);
    await world.worker.settle();
    expect(world.partner.people).toEqual([]);
    expect(world.partner.calls.map(({ operation }) => operation)).toEqual(['ADD', 'REMOVE']);
  });

  it('lets go of whoever takes consent back, though nothing may be sent to them any more; lets them in again when they agree', async () => {
    await using world = await createAudienceWorld();
    await world.tell(hanako, { ...golden, ...agreed });
    await world.worker.settle();
    world.pass(1);
    await world.tell(hanako, withdrawn);
    await world.worker.settle();
    expect(world.partner.people).toEqual([]);
    world.pass(1);
    await world.tell(hanako, agreed);
    await world.worker.settle();
    expect(world.partner.people).toEqual([hanako.email]);
  });

  it('never hears of somebody who took consent back before they were put in', async () => {
    await using world = await createAudienceWorld();
    await world.tell(hanako, { ...golden, ...agreed });
    world.pass(1);
    await world.tell(hanako, withdrawn);
    await world.worker.settle();
    expect(world.partner.calls).toEqual([]);
    expect(await world.plans()).toEqual(['ENTERED SUPPRESSED', 'LEFT SUPPRESSED']);
  });

  it('is not told to take in somebody after it was told to let them go, not even by a retry', async () => {
    const seen: string[] = [];
    await using world = await createAudienceWorld({
      apply: async (changes) => {
        seen.push(...changes.map(({ operation }) => operation));
        return changes.map(({ operation }) =>
          operation === 'ADD' ? { status: 'retry', reason: 'busy', afterSeconds: 60 } : { status: 'delivered' },
        );
      },
    });
    await world.tell(hanako, { ...golden, ...agreed });
    await world.worker.settle();
    world.pass(1);
    await world.tell(hanako, silver);
    world.pass(3600);
    await world.worker.settle();
    expect(seen).toEqual(['ADD', 'REMOVE']);
  });

  it('gets one audience and one operation per call', async () => {
    const calls: Set<string>[] = [];
    await using world = await createAudienceWorld({
      apply: async (changes) => {
        calls.push(new Set(changes.map(({ operation, message }) => `${operation} ${message.list}`)));
        return changes.map(() => ({ status: 'delivered' }));
      },
    });
    await world.program({ key: 'other', message: { list: 'other' } });
    for (const name of ['a', 'b', 'c']) await world.tell({ email: `${name}@shop.example` }, { ...golden, ...agreed });
    await world.worker.settle();
    world.pass(1);
    await world.tell({ email: 'a@shop.example' }, silver);
    await world.tell({ email: 'd@shop.example' }, { ...golden, ...agreed });
    await world.worker.settle();
    expect(calls.every((kinds) => kinds.size === 1)).toBe(true);
    expect(new Set(calls.flatMap((kinds) => [...kinds]))).toEqual(new Set(['ADD gold', 'ADD other', 'REMOVE gold', 'REMOVE other']));
  });

  it('keeps whoever is still in through another segment', async () => {
    await using world = await createAudienceWorld();
    await saveSegment(world.line, world.workspace, { key: 'everybody', name: 'Everybody', rule: { identity: 'email' } });
    await world.program({ key: 'all', segment: 'everybody' });
    await world.tell(hanako, { ...golden, ...agreed });
    await world.worker.settle();
    world.pass(1);
    await world.tell(hanako, silver);
    await world.worker.settle();
    expect(world.partner.people).toEqual([hanako.email]);
    expect(world.partner.calls).toHaveLength(1);
  });

  it('follows an edited rule, an archived segment, and a program that says another list', async () => {
    await using world = await createAudienceWorld();
    await world.tell(hanako, { ...golden, ...agreed });
    await world.tell(taro, { ...silver, ...agreed });
    await world.worker.settle();
    await saveSegment(world.line, world.workspace, { key: 'gold', name: 'Now silver', rule: { trait: 'rank', is: 'silver' } });
    await world.worker.settle();
    expect(world.partner.people).toEqual([taro.email]);
    await world.program({ message: { list: 'renamed' } });
    world.pass(1);
    await world.worker.settle();
    expect([...world.partner.inside]).toEqual([
      ['gold', new Set()],
      ['renamed', new Set([taro.email])],
    ]);
    await archiveSegment(world.line, world.workspace, 'gold');
    await world.worker.settle();
    expect(world.partner.people).toEqual([]);
  });

  it('lets nobody in while its program is off, and still lets go', async () => {
    await using world = await createAudienceWorld();
    await world.tell(hanako, { ...golden, ...agreed });
    await world.worker.settle();
    await setProgramActive(world.database, world.workspace.id, { key: 'golden', active: false });
    await world.tell(taro, { ...golden, ...agreed });
    world.pass(1);
    await world.tell(hanako, silver);
    await world.worker.settle();
    expect(world.partner.people).toEqual([]);
    await setProgramActive(world.database, world.workspace.id, { key: 'golden', active: true, now: world.now() });
    world.pass(1);
    await world.worker.settle();
    expect(world.partner.people).toEqual([taro.email]);
  });

  it('lets go of everything it was told of somebody, also when a link that is taken back makes them leave', async () => {
    await using world = await createAudienceWorld();
    await world.tell({ ...hanako, member: 'M1' }, agreed);
    await world.tell({ member: 'M1', phone: '090-1234-5678' }, golden);
    await world.worker.settle();
    expect(world.partner.people).toEqual([hanako.email]);
    const id = await world.tell(hanako);
    const links = await listLinks(world.database, world.workspace.id, id);
    for (const { id: link } of links) await revokeLink(world.line, world.workspace, { link, by: 'test', reason: 'two people' });
    world.pass(1);
    await world.worker.settle();
    expect(world.partner.people).toEqual([]);
  });

  it('lets go of an address that turns out to be somebody else’s, and keeps the rest', async () => {
    await using world = await createAudienceWorld();
    await world.tell({ ...taro, member: 'M1' }, { ...golden, ...agreed });
    await world.tell({ ...hanako, member: 'M1' });
    await world.worker.settle();
    expect(world.partner.people).toEqual([hanako.email, taro.email]);
    const links = await listLinks(world.database, world.workspace.id, await world.tell(hanako));
    const hers = await world.database.query<{ id: string }>(
      world.workspace.id,
      `select id from identity where workspace_id = $1 and value = $2`,
      [world.workspace.id, hanako.email],
    );
    const { id: link } = links.find(({ a, b }) => [a, b].includes(hers[0]?.id ?? '')) ?? { id: '' };
    world.pass(1);
    await revokeLink(world.line, world.workspace, { link, by: 'test', reason: 'two people' });
    await world.worker.settle();
    expect(world.partner.people).toEqual([taro.email]);
  });

  it('goes on holding somebody whose two customers turn out to be one', async () => {
    await using world = await createAudienceWorld();
    await world.tell({ ...hanako, member: 'M1' }, { ...golden, ...agreed });
    await world.tell({ ...taro, user: 'U1' }, { ...golden, ...agreed });
    await world.worker.settle();
    await world.tell({ member: 'M1', user: 'U1' });
    await world.worker.settle();
    expect(world.partner.people).toEqual([hanako.email, taro.email]);
    world.pass(1);
    await world.tell({ member: 'M1' }, withdrawn);
    await world.worker.settle();
    expect(world.partner.people).toEqual([]);
  });
});
