import type { Outcome } from '@enishi/plugin-sdk';
import { expect, it } from 'vitest';
import type { Fault } from '../vendor/answer.ts';
import { deliveriesOf, outcomesOf, preparedDesk, type Sending, statusesOf } from './sending.ts';

type Run = (test: (sending: Sending) => Promise<void>) => () => Promise<void>;

interface Expectation {
  readonly says: string;
  readonly fault: (sending: Sending) => Fault | undefined;
  readonly outcomes: readonly Outcome['status'][];
}

const expectations: readonly Expectation[] = [
  { says: 'is broken (500)', fault: () => 'broken', outcomes: ['retry'] },
  { says: 'hangs up', fault: () => 'gone', outcomes: ['retry'] },
  { says: 'refuses the key', fault: ({ example }) => example.says?.unauthorised ?? 'unauthorised', outcomes: ['fix-credentials'] },
  { says: 'sends a web page with 200', fault: () => 'html', outcomes: ['retry', 'rejected'] },
  { says: 'leads to an address inside', fault: () => 'inside', outcomes: ['retry', 'rejected'] },
  // The status line had come: who does not need the body may take the word of it.
  { says: 'breaks off in the middle', fault: () => 'cut', outcomes: ['retry', 'delivered'] },
  {
    says: 'says no with 200',
    fault: ({ example }) => example.says?.refusal,
    outcomes: ['retry', 'rejected', 'unreachable', 'fix-credentials'],
  },
];

/** What a destination makes of a vendor that fails: a sane outcome each time, and once the vendor is well it delivers. */
export function testVendorFaults(sending: Run): void {
  for (const { says, fault, outcomes } of expectations)
    it(
      `takes it well when the vendor ${says}`,
      sending(async (sending) => {
        const how = fault(sending);
        if (how === undefined || sending.example.overHttp === false) return;
        const { vendor } = sending.scene;
        const deliveries = deliveriesOf(sending, Math.min(3, sending.destination.batchSize));
        const desk = await preparedDesk(sending);
        vendor.fault(how);
        for (const status of statusesOf(await outcomesOf(sending, deliveries, desk))) expect(outcomes).toContain(status);
        vendor.heal();
        expect(statusesOf(await outcomesOf(sending, deliveries, desk))).toEqual(deliveries.map(() => 'delivered'));
      }),
    );

  it(
    'comes back when a busy vendor says',
    sending(async (sending) => {
      const { scene, example, destination } = sending;
      if (example.overHttp === false) return;
      const { afterSeconds = 7, ...busy } = example.says?.busy ?? { status: 429, headers: { 'retry-after': '7' } };
      scene.vendor.fault(busy);
      const deliveries = deliveriesOf(sending, Math.min(3, destination.batchSize));
      expect(await outcomesOf(sending, deliveries)).toEqual(
        deliveries.map(() => expect.objectContaining({ status: 'retry', reason: expect.any(String), afterSeconds })),
      );
    }),
  );

  it(
    'loses no delivery when one call of several fails',
    sending(async (sending) => {
      const { scene, example, destination } = sending;
      if (example.overHttp === false) return;
      const deliveries = deliveriesOf(sending, Math.min(5, destination.batchSize));
      scene.vendor.fault('broken', { times: 1 });
      for (const status of statusesOf(await outcomesOf(sending, deliveries))) expect(['retry', 'delivered']).toContain(status);
    }),
  );

  it(
    'leaves a silent vendor when the time is up',
    sending(async (sending) => {
      const { scene, example } = sending;
      if (example.overHttp === false) return;
      const abort = new AbortController();
      scene.vendor.fault('silent');
      const outcomes = outcomesOf(sending, deliveriesOf(sending, 1), await preparedDesk(sending, abort.signal));
      await scene.vendor.next();
      abort.abort(new Error('time is up'));
      expect(statusesOf(await outcomes)).toEqual(['retry']);
    }),
  );
}
