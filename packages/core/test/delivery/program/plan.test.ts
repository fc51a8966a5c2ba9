import {
  createWorkspace,
  InvalidMessage,
  InvalidProgram,
  listDeliveries,
  listPrograms,
  planDeliveries,
  SegmentNotFound,
  setProgramActive,
  UnknownDestination,
} from '@enishi/core';
import { describe, expect, it } from 'vitest';
import { createWorld, delivered, fake } from '../world.ts';

const mail = { 'fake.mail': fake(delivered) };

describe('a program', () => {
  it('is saved, versioned by what it says, listed and switched off', async () => {
    await using world = await createWorld(mail);
    expect(await world.program()).toMatchObject({
      key: 'welcome',
      segment: 'regulars',
      destination: 'fake.mail',
      version: 1,
      active: true,
    });
    expect(await world.program({ name: 'Renamed' })).toMatchObject({ name: 'Renamed', version: 1 });
    expect(await world.program({ message: { text: 'other' } })).toMatchObject({ version: 2 });
    await setProgramActive(world.database, world.workspace.id, { key: 'welcome', active: false });
    expect(await listPrograms(world.database, world.workspace.id)).toMatchObject([{ key: 'welcome', version: 2, active: false }]);
  });

  it('is refused with what is wrong', async () => {
    await using world = await createWorld(mail);
    await expect(world.program({ message: { text: '' } })).rejects.toThrow(InvalidMessage);
    await expect(world.program({ message: { text: '' } })).rejects.toThrow(/message\.text/);
    await expect(world.program({ segment: 'nobody' })).rejects.toThrow(SegmentNotFound);
    await expect(world.program({ destination: 'fake.pigeon' })).rejects.toThrow(UnknownDestination);
    await expect(world.program({ key: 'No Key' })).rejects.toThrow(InvalidProgram);
    expect(await listPrograms(world.database, world.workspace.id)).toEqual([]);
  });
});

describe('planning', () => {
  it('makes one delivery per transition and program, however often the transition is planned', async () => {
    await using world = await createWorld(mail);
    await world.program();
    await world.program({ key: 'goodbye', trigger: 'LEFT' });
    await world.program({ key: 'both', trigger: 'BOTH' });
    const people = [await world.addPerson(), await world.addPerson()];
    expect(await world.move(people)).toBe(4);
    expect(await world.move(people)).toBe(0);
    expect(await world.move(people, 'LEFT')).toBe(4);
    world.pass(1);
    expect(await world.move(people)).toBe(4);
  });

  it('does nothing without an active program for the segment', async () => {
    await using world = await createWorld(mail);
    const person = await world.addPerson();
    expect(await world.move([person])).toBe(0);
    await world.program({ active: false });
    await world.addSegment('others');
    await world.program({ key: 'elsewhere', segment: 'others' });
    expect(await world.move([person])).toBe(0);
    expect(await world.move([])).toBe(0);
  });

  it('keeps what consent or a missing address forbids, with the reason', async () => {
    await using world = await createWorld({ ...mail, 'fake.line': fake(delivered, { address: 'line.user', channel: 'line' }) });
    await world.program();
    await world.program({ key: 'line', destination: 'fake.line' });
    const consents = { 'marketing/email': 'WITHDRAWN', 'marketing/line': 'GIVEN' } as const;
    expect(await world.move([await world.addPerson({ consents }), await world.addPerson({ consents: {} })])).toBe(4);
    const { deliveries } = await listDeliveries(world.database, world.workspace.id);
    expect(deliveries.map(({ destination, status, reason }) => [destination, status, reason]).sort()).toEqual([
      ['fake.line', 'SUPPRESSED', 'no address: line.user'],
      ['fake.line', 'SUPPRESSED', 'no consent: marketing/line'],
      ['fake.mail', 'SUPPRESSED', 'consent withdrawn: marketing/email'],
      ['fake.mail', 'SUPPRESSED', 'no consent: marketing/email'],
    ]);
  });

  it('belongs to the transaction it is part of', async () => {
    await using world = await createWorld(mail);
    await world.program();
    const person = await world.addPerson();
    const segmentId = await world.segmentId();
    const failing = world.database.transaction(world.workspace.id, async (sql) => {
      const transitions = [{ segmentId, customerId: person, change: 'ENTERED', at: world.now, cause: null }] as const;
      await planDeliveries(sql, world.workspace.id, { transitions, now: world.now });
      throw new Error('the line failed');
    });
    await expect(failing).rejects.toThrow('the line failed');
    expect((await listDeliveries(world.database, world.workspace.id)).deliveries).toEqual([]);
  });

  it('of one workspace knows nothing of the programs of another', async () => {
    await using world = await createWorld(mail);
    await world.program();
    const other = await createWorkspace(world.url, { key: 'other', name: 'Other' });
    const transition = {
      segmentId: await world.segmentId(),
      customerId: await world.addPerson(),
      change: 'ENTERED',
      at: world.now,
      cause: null,
    } as const;
    const planned = world.database.transaction(other.id, (sql) =>
      planDeliveries(sql, other.id, { transitions: [transition], now: world.now }),
    );
    expect(await planned).toBe(0);
    await world.worker().settle();
    expect((await listDeliveries(world.database, other.id)).deliveries).toEqual([]);
  });
});
