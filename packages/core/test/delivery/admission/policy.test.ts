import { InvalidDeliveryPolicy, listDeliveries, listDeliveryPolicies, removeDeliveryPolicy, setDeliveryPolicy } from '@enishi/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveryPolicy } from '../../../src/delivery/admission/policy.ts';
import { quietUntil } from '../../../src/delivery/admission/quiet.ts';
import { createWorld, delivered, fake } from '../world.ts';

const none: DeliveryPolicy = {
  channel: 'email',
  caps: [],
  quietHours: null,
  timeZone: 'Asia/Tokyo',
  timeZoneTrait: null,
  includeService: false,
};

async function createMailing() {
  const sent: { readonly person: string; readonly at: Date; readonly by: string }[] = [];
  const by = (name: string, settings: object = {}) =>
    fake(async (deliveries) => {
      sent.push(...deliveries.map(({ recipient }) => ({ person: recipient.id, at: world.now, by: name })));
      return delivered(deliveries);
    }, settings);
  const world = await createWorld({
    'fake.mail': by('mail'),
    'fake.news': by('news'),
    'fake.line': by('line', { channel: 'line' }),
    'fake.receipt': by('receipt', { purpose: 'service' }),
  });
  const obey = (policy: Partial<DeliveryPolicy>) => setDeliveryPolicy(world.database, world.workspace.id, { ...none, ...policy });
  const statuses = async () =>
    (await listDeliveries(world.database, world.workspace.id)).deliveries.map(({ status, reason }) => reason ?? status);
  return Object.assign(world, { sent, obey, statuses });
}

const consents = { 'marketing/*': 'GIVEN' } as const;

describe('a frequency cap', () => {
  it('is exact, whoever sends through whichever destination of the channel, and frees itself by time', async () => {
    await using world = await createMailing();
    await world.obey({ caps: [{ most: 2, per: 'P1D' }] });
    for (const name of ['mail', 'news']) for (const n of [1, 2]) await world.program({ key: `${name}${n}`, destination: `fake.${name}` });
    const people = await Promise.all(Array.from({ length: 10 }, () => world.addPerson()));
    await world.move(people);
    const workers = [world.worker(), world.worker(), world.worker()];
    // Two that meet at one customer pass each other over, and look again a moment later.
    const send = async (): Promise<void> => {
      for (let round = 0; round < 8; round++) {
        await Promise.all(workers.map((worker) => worker.settle()));
        world.pass(6);
      }
    };
    await send();
    for (const person of people) expect(world.sent.filter((one) => one.person === person)).toHaveLength(2);
    expect((await world.statuses()).filter((status) => status === 'cap: 2 per P1D on email')).toHaveLength(20);
    world.pass(86_400);
    await world.move(people);
    await send();
    expect(world.sent).toHaveLength(40);
  });

  it('of the workspace counts all channels; what a contract needs is neither counted nor held up unless wanted', async () => {
    await using world = await createMailing();
    await world.obey({ channel: '*', caps: [{ most: 1, per: 'PT1H' }] });
    for (const name of ['receipt', 'mail', 'line']) await world.program({ key: name, destination: `fake.${name}` });
    const person = await world.addPerson({ consents });
    const worker = world.worker();
    await world.move([person]);
    for (let round = 0; round < 4; round++, world.pass(1)) await worker.settle();
    expect(world.sent.map(({ by }) => by).sort()).toEqual([expect.stringMatching(/line|mail/), 'receipt']);
    await world.obey({ channel: '*', caps: [{ most: 1, per: 'PT1H' }], includeService: true });
    await world.move([person]);
    await worker.settle();
    expect(world.sent).toHaveLength(2);
  });
});

describe('quiet hours', () => {
  it('make messages wait until they end, for each customer by their own clock', async () => {
    await using world = await createMailing();
    await world.obey({ quietHours: { from: '21:00', to: '08:00' }, timeZoneTrait: 'zone' });
    await world.program();
    world.now = new Date('2026-04-01T13:30:00Z'); // 22:30 in Tokyo, 15:30 in Paris
    const tokyo = await world.addPerson();
    const paris = await world.addPerson({ traits: { zone: 'Europe/Paris' } });
    const nowhere = await world.addPerson({ traits: { zone: 'Mars/Olympus' } });
    await world.move([tokyo, paris, nowhere]);
    const worker = world.worker();
    await worker.settle();
    expect(world.sent.map(({ person }) => person)).toEqual([paris]);
    const { deliveries } = await listDeliveries(world.database, world.workspace.id, { customerId: tokyo });
    expect(deliveries).toMatchObject([{ status: 'PENDING', reason: 'quiet hours', dueAt: new Date('2026-04-01T23:00:00Z'), attempts: 0 }]);
    world.now = new Date('2026-04-01T22:59:59Z');
    await worker.settle();
    expect(world.sent).toHaveLength(1);
    world.now = new Date('2026-04-01T23:00:00Z');
    await worker.settle();
    expect(world.sent.map(({ person }) => person).sort()).toEqual([tokyo, paris, nowhere].sort());
  });

  it('end at the first minute that is not quiet, in any time zone and over any change of the clocks', () => {
    const time = fc
      .integer({ min: 0, max: 95 })
      .map((quarter) => `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`);
    const zone = fc.constantFrom('Asia/Tokyo', 'Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    const around = fc.constantFrom(
      '2026-03-29T00:00:00Z',
      '2026-10-25T00:00:00Z',
      '2026-03-08T06:00:00Z',
      '2026-11-01T05:00:00Z',
      '2026-04-04T14:00:00Z',
      '2026-10-03T15:00:00Z',
    );
    const instant = fc
      .tuple(around, fc.integer({ min: -1440, max: 1440 }))
      .map(([day, minutes]) => new Date(Date.parse(day) + minutes * 60_000 + 12_345));
    const hours = fc.record({ from: time, to: time }).filter(({ from, to }) => from !== to);
    fc.assert(
      fc.property(instant, hours, zone, (now, quiet, timeZone) => {
        const end = quietUntil(now, quiet, timeZone);
        if (end === undefined) return;
        expect(end.getTime()).toBeGreaterThan(now.getTime());
        expect(quietUntil(end, quiet, timeZone)).toBeUndefined();
        expect(quietUntil(new Date(end.getTime() - 60_000), quiet, timeZone)).toBeDefined();
        expect(end.getTime() - now.getTime()).toBeLessThanOrEqual(26 * 3_600_000);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a delivery policy', () => {
  it('is kept per channel, changed and removed', async () => {
    await using world = await createMailing();
    const scope = [world.database, world.workspace.id] as const;
    await world.obey({ caps: [{ most: 1, per: 'P1D' }] });
    await world.obey({ caps: [{ most: 3, per: 'P1D' }] });
    await world.obey({ channel: '*' });
    expect(await listDeliveryPolicies(...scope)).toEqual([
      { ...none, channel: '*' },
      { ...none, caps: [{ most: 3, per: 'P1D' }] },
    ]);
    expect(await removeDeliveryPolicy(...scope, '*')).toBe(true);
    expect(await removeDeliveryPolicy(...scope, '*')).toBe(false);
  });

  it('is refused with everything that is wrong', async () => {
    await using world = await createMailing();
    const wrong = { channel: 'E/Mail', caps: [{ most: -1, per: 'P1Y' }], quietHours: { from: '24:00', to: '24:00' }, timeZone: 'Tokyo' };
    const refused = await world.obey(wrong).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidDeliveryPolicy);
    const { violations } = (refused as InvalidDeliveryPolicy).details as { violations: { path: string }[] };
    expect(violations.map(({ path }) => path)).toEqual([
      'channel',
      'caps.0.most',
      'caps.0.per',
      'quietHours.from',
      'quietHours.to',
      'quietHours.to',
      'timeZone',
    ]);
  });
});
