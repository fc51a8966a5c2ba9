import { liftSuppression, listDeliveries, listSuppressed, replayDeliveries } from '@enishi/core';
import type { Outcome } from '@enishi/plugin-sdk';
import { addressSuppressed } from '@enishi/plugin-sdk';
import { createTestDomain } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { createWorld, fake } from '../world.ts';

describe('an address that cannot be reached', () => {
  it('is suppressed on its channel, which later deliveries say; another address of the customer is used, and lifting helps', async () => {
    const seen: string[] = [];
    let answer: Outcome = { status: 'unreachable', reason: '550 no such user' };
    const send = fake(async ([delivery]) => {
      seen.push(delivery?.recipient.identifiers.email?.join(' ') ?? '');
      return [answer];
    });
    await using world = await createWorld({ 'fake.mail': send, 'fake.text': fake(async () => [answer], { channel: 'sms' }) });
    await world.program();
    const person = await world.addPerson({ email: 'gone@example.jp' });
    await world.move([person]);
    const worker = world.worker();
    await worker.settle();
    const scope = [world.database, world.workspace.id] as const;
    expect((await listDeliveries(...scope)).deliveries).toMatchObject([{ status: 'DEAD', reason: '550 no such user' }]);
    const [suppressed] = await listSuppressed(...scope, { first: 10 });
    expect(suppressed).toMatchObject({ channel: 'email', value: 'gone@example.jp', customerId: person, reason: '550 no such user' });

    answer = { status: 'delivered' };
    world.pass(1);
    await world.move([person]);
    await worker.settle();
    expect((await listDeliveries(...scope, { statuses: ['SUPPRESSED'] })).deliveries).toMatchObject([
      { reason: 'address suppressed: 550 no such user', attempts: 0 },
    ]);
    await world.addIdentity(person, { namespace: 'email', value: 'new@example.jp' });
    await replayDeliveries(...scope, { statuses: ['SUPPRESSED'], now: world.now });
    await worker.settle();
    expect(seen).toEqual(['gone@example.jp', 'new@example.jp']);

    const target = { channel: 'email', identityId: suppressed?.identityId ?? '' };
    expect(await liftSuppression(...scope, target)).toBe(true);
    expect(await liftSuppression(...scope, target)).toBe(false);
    expect(await listSuppressed(...scope, { first: 10 })).toEqual([]);
  });

  it('may be told by a source, as an event', async () => {
    await using domain = await createTestDomain();
    const bounced = addressSuppressed({
      id: 'bounce-1',
      at: new Date('2026-01-05T00:00:00Z'),
      identifiers: { email: 'Hanako@Shop.example' },
      properties: { channel: 'email', reason: 'hard bounce' },
    });
    const receipts = await domain.line.accept(domain.workspace, 'mail.events', [bounced, bounced]);
    expect(receipts.map(({ status }) => status)).toEqual(['ACCEPTED', 'DUPLICATE']);
    expect(await listSuppressed(domain.database, domain.workspace.id, { channel: 'email', first: 10 })).toMatchObject([
      { value: 'hanako@shop.example', reason: 'hard bounce', at: bounced.at },
    ]);
    const wrong = { ...bounced, id: 'bounce-2', properties: { channel: 'email' } };
    expect(await domain.line.accept(domain.workspace, 'mail.events', [wrong])).toMatchObject([{ status: 'QUARANTINED' }]);
  });
});
