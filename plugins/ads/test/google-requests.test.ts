import { createDesk } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { changes, createGoogle, now, person } from './world.ts';

const message = { userList: '7788990011' };

describe('what was accepted', () => {
  it('is followed to its end, and a failure there turns up in log and health check', async () => {
    await using world = await createGoogle();
    let time = now.getTime();
    const desk = createDesk({ hosts: world.plugin.hosts, now: () => new Date(time) });
    await world.google.apply(changes(message, [person(1)]), desk);
    await expect(world.google.healthCheck?.(desk)).resolves.toBeUndefined();
    const failed = { requestStatus: 'FAILED', errorInfo: { errorCounts: [{ reason: 'DENIED_CONSENT', recordCount: '1' }] } };
    world.vendor.on('GET /v1/requestStatus*', { json: { requestStatusPerDestination: [failed] } });
    time += 11 * 60_000;
    await expect(world.google.healthCheck?.(desk)).rejects.toThrow(/request-1: FAILED .*DENIED_CONSENT/);
    expect(desk.logged).toMatchObject([{ level: 'warn', details: { request: 'request-1', status: 'FAILED' } }]);
  });

  it('is asked for again while Google works on it', async () => {
    await using world = await createGoogle();
    let time = now.getTime();
    const desk = createDesk({ hosts: world.plugin.hosts, now: () => new Date(time) });
    await world.google.apply(changes(message, [person(1)]), desk);
    world.vendor.on('GET /v1/requestStatus*', { json: { requestStatusPerDestination: [{ requestStatus: 'PROCESSING' }] } });
    time += 11 * 60_000;
    await world.google.healthCheck?.(desk);
    world.vendor.on('GET /v1/requestStatus*', { json: { requestStatusPerDestination: [{ requestStatus: 'SUCCESS' }] } });
    const asked = () => world.vendor.requests.filter(({ query }) => query.requestId === 'request-1').length;
    await world.google.healthCheck?.(desk);
    await world.google.healthCheck?.(desk);
    expect(asked()).toBe(2);
  });

  const failed = { requestStatus: 'FAILED', errorInfo: { errorCounts: [{ reason: 'INTERNAL_ERROR', recordCount: '1' }] } };

  it.each(['busy', 'broken', 'unauthorised'] as const)(
    'is asked again where Google was %s, and a failure then is not missed',
    async (fault) => {
      await using world = await createGoogle();
      let time = now.getTime();
      const desk = createDesk({ hosts: world.plugin.hosts, now: () => new Date(time) });
      await world.google.apply(changes(message, [person(1)], 'REMOVE'), desk);
      world.vendor.fault(fault, { times: 2, on: 'GET /v1/requestStatus' });
      time += 11 * 60_000;
      await world.google.apply(changes(message, [person(2)]), desk);
      world.vendor.on('GET /v1/requestStatus*', { json: { requestStatusPerDestination: [failed] } });
      time += 60_000;
      for (let tries = 0; tries < 2; tries += 1) await world.google.apply(changes(message, [person(3)]), desk);
      await expect(world.google.healthCheck?.(desk)).rejects.toThrow(/request-1: FAILED .*INTERNAL_ERROR/);
    },
  );

  it('is said to be unknown where Google has not told within a day', async () => {
    await using world = await createGoogle();
    let time = now.getTime();
    const desk = createDesk({ hosts: world.plugin.hosts, now: () => new Date(time) });
    await world.google.apply(changes(message, [person(1)]), desk);
    world.vendor.fault('broken', { on: 'GET /v1/requestStatus' });
    time += 25 * 3_600_000;
    await world.google.apply(changes(message, [person(2)]), desk);
    expect(desk.logged).toMatchObject([{ level: 'warn', details: { request: 'request-1', status: 'UNKNOWN' } }]);
  });
});

describe('the whole list', () => {
  it('is put in anew, and whoever was there before goes', async () => {
    await using world = await createGoogle();
    async function* everybody() {
      for (let n = 0; n < 10_001; n += 1) yield person(n);
    }
    await world.google.replace?.(message as never, everybody(), world.desk);
    expect(world.operations()).toEqual(['ingest', 'ingest', 'removeAll']);
    expect(world.bodies()[2]).toMatchObject({ removeAsOfTime: now.toISOString(), destinations: [{ productDestinationId: '7788990011' }] });
  });

  const status = (requestStatus: string) => ({ json: { requestStatusPerDestination: [{ requestStatus }] } });
  async function* somebody() {
    yield person(1);
  }

  it('keeps who was there before until Google has taken the others in, and is finished by asking again', async () => {
    await using world = await createGoogle();
    let time = now.getTime();
    const desk = createDesk({ hosts: world.plugin.hosts, now: () => new Date(time) });
    const replace = () => world.google.replace?.(message as never, somebody(), desk);
    world.vendor.on('GET /v1/requestStatus*', status('PROCESSING'));
    await expect(replace()).rejects.toMatchObject({ name: 'ComeBackLater', message: expect.stringContaining('1 of 1 requests') });
    time += 1_800_000;
    await expect(replace()).rejects.toThrow('ask again in half an hour');
    expect(world.operations()).toEqual(['ingest']);
    world.vendor.on('GET /v1/requestStatus*', status('SUCCESS'));
    await replace();
    expect(world.operations()).toEqual(['ingest', 'ingest', 'removeAll']);
    expect(world.bodies()[2]).toMatchObject({ removeAsOfTime: now.toISOString() });
    await replace();
    expect(world.bodies().at(-1)).toMatchObject({ removeAsOfTime: new Date(time).toISOString() });
  });

  it('keeps everybody where Google fails to take the others in, and begins anew when asked again', async () => {
    await using world = await createGoogle();
    const replace = () => world.google.replace?.(message as never, somebody(), world.desk);
    world.vendor.on('GET /v1/requestStatus*', status('FAILED'));
    await expect(replace()).rejects.toThrow('nobody was taken out: FAILED');
    expect(world.operations()).toEqual(['ingest']);
    world.vendor.on('GET /v1/requestStatus*', status('PARTIAL_SUCCESS'));
    await replace();
    expect(world.operations()).toEqual(['ingest', 'ingest', 'removeAll']);
  });

  it('keeps everybody where Google refuses the call that puts people in', async () => {
    await using world = await createGoogle();
    const refusal = { status: 400, json: { error: { code: 400, status: 'INVALID_ARGUMENT', message: 'no' } } };
    world.vendor.fault(refusal, { on: 'POST /v1/audienceMembers:ingest' });
    await expect(world.google.replace?.(message as never, somebody(), world.desk)).rejects.toThrow('INVALID_ARGUMENT');
    expect(world.operations()).toEqual(['ingest']);
  });

  it('that is only checked waits for nothing', async () => {
    await using world = await createGoogle({ validateOnly: true });
    world.vendor.on('GET /v1/requestStatus*', status('PROCESSING'));
    await world.google.replace?.(message as never, somebody(), world.desk);
    expect(world.bodies().map(({ validateOnly }) => validateOnly)).toEqual([true, true]);
  });

  it('keeps everybody where putting in failed', async () => {
    await using world = await createGoogle();
    world.vendor.fault('broken', { on: 'POST /v1/audienceMembers:ingest' });
    async function* everybody() {
      yield person(1);
    }
    await expect(world.google.replace?.(message as never, everybody(), world.desk)).rejects.toThrow('500');
    expect(world.operations()).toEqual(['ingest']);
  });
});
