import { expect, it } from 'vitest';
import type { VendorRequest } from '../vendor/answer.ts';
import { inScene, type Subject, thrownBy } from './scene.ts';
import { deliveriesOf, outcomesOf, preparedDesk, type Sending, sendingOf, statusesOf } from './sending.ts';
import { testVendorFaults } from './vendor-faults.ts';

/** The suite for a destination; an audience passes it for `ADD` and for `REMOVE`. */
export function testDestination(subject: Subject, name: string, operation: Sending['operation']): void {
  const sending = (test: (sending: Sending) => Promise<void>) => () => inScene(subject, (scene) => test(sendingOf(scene, name, operation)));

  it(
    'delivers, with one outcome for each',
    sending(async (sending) => {
      for (const count of new Set([1, Math.min(5, sending.destination.batchSize)])) {
        const outcomes = await outcomesOf(sending, deliveriesOf(sending, count));
        expect(outcomes).toEqual(Array.from({ length: count }, () => expect.objectContaining({ status: 'delivered' })));
      }
      if (sending.example.overHttp !== false) expect(sending.scene.vendor.requests.length, 'calls of the fake vendor').toBeGreaterThan(0);
    }),
  );

  it(
    'answers for somebody without an address in their place, and delivers to their neighbours',
    sending(async (sending) => {
      const all = deliveriesOf(sending, Math.min(3, sending.destination.batchSize));
      const nobody = all.length === 1 ? 0 : 1;
      const mixed = all.map((each, n) => (n === nobody ? { ...each, recipient: { ...each.recipient, identifiers: {} } } : each));
      const statuses = statusesOf(await outcomesOf(sending, mixed));
      expect(['rejected', 'unreachable'], `the outcome for nobody is ${statuses[nobody]}`).toContain(statuses[nobody]);
      expect(statuses.filter((_, n) => n !== nobody)).toEqual(mixed.slice(1).map(() => 'delivered'));
    }),
  );

  it(
    'carries the same idempotency key when it tries again, and another for another delivery',
    sending(async (sending) => {
      if (sending.example.key === 'none' || sending.example.overHttp === false) return;
      const first = await keysOf(sending, 0, 1);
      expect(first.length, 'calls with an idempotency key').toBeGreaterThan(0);
      expect(await keysOf(sending, 0, 2)).toEqual(first);
      const others = await keysOf(sending, 1, 1);
      expect(others.filter((key) => first.includes(key))).toEqual([]);
    }),
  );

  testVendorFaults(sending);

  it(
    'erases somebody, and asks to be asked again where the vendor fails',
    sending(async (sending) => {
      const { destination, scene } = sending;
      const [delivery] = deliveriesOf(sending, 1);
      const erase = destination.onErase;
      if (erase === undefined || delivery === undefined) return;
      const desk = await preparedDesk(sending);
      await erase(delivery.recipient, desk);
      if (scene.vendor.requests.length === 0) return;
      scene.vendor.fault('broken');
      await thrownBy(scene, () => erase(delivery.recipient, desk));
    }),
  );

  it(
    'is healthy when the vendor is, and says what is wrong when it is not',
    sending(async (sending) => {
      const { destination, scene, example } = sending;
      const check = destination.healthCheck;
      if (check === undefined) return;
      await check(await preparedDesk(sending));
      if (scene.vendor.requests.length === 0) return;
      for (const fault of [example.says?.unauthorised ?? 'unauthorised', 'broken', 'html'] as const) {
        scene.vendor.fault(fault);
        const desk = await preparedDesk(sending);
        expect(String(await thrownBy(scene, () => check(desk))).length, 'a sentence for an operator').toBeGreaterThan(10);
        scene.vendor.heal();
      }
    }),
  );

  it(
    'shows what it would send',
    sending(async (sending) => {
      const { destination } = sending;
      const [delivery] = deliveriesOf(sending, 1);
      if (destination.kind !== 'message' || destination.preview === undefined || delivery === undefined) return;
      const { parts } = await destination.preview({ ...delivery, message: delivery.message as never }, await preparedDesk(sending));
      expect(parts.length).toBeGreaterThan(0);
      for (const part of parts) {
        expect(part.contentType).toMatch(/^[\w.+-]+\/[\w.+-]+/);
        expect([part.name, part.body]).not.toContain('');
      }
    }),
  );
}

/** An audience as a whole is replaced; a vendor that fails half-way must not pass for done. */
export function testReplacing(subject: Subject, name: string): void {
  it('replaces the audience as a whole, and says when it could not', () =>
    inScene(subject, async (scene) => {
      const sending = sendingOf(scene, name, 'ADD');
      const { destination } = sending;
      if (destination.kind !== 'audience' || destination.replace === undefined) return;
      const { replace } = destination;
      const deliveries = deliveriesOf(sending, 5);
      const audience = deliveries[0]?.message as never;
      const desk = await preparedDesk(sending);
      async function* everybody() {
        for (const { recipient } of deliveries) yield recipient;
      }
      await replace(audience, everybody(), desk);
      if (scene.vendor.requests.length === 0) return;
      scene.vendor.fault('broken');
      await thrownBy(scene, () => replace(audience, everybody(), desk));
    }));
}

/** The keys of the calls made for one delivery; calls without one, such as those for a token, are left out. */
async function keysOf(sending: Sending, n: number, attempt: number): Promise<string[]> {
  const { key = byHeader } = sending.example;
  if (key === 'none') return [];
  const { requests } = sending.scene.vendor;
  const before = requests.length;
  await outcomesOf(sending, deliveriesOf(sending, n + 1, attempt).slice(n));
  return requests.slice(before).flatMap((request) => key(request) ?? []);
}

const byHeader = ({ headers }: VendorRequest): string | undefined => headers['idempotency-key'];
