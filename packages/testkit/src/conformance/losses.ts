import { ComeBackLater } from '@enishi/plugin-sdk';
import { expect } from 'vitest';
import type { TestDesk } from '../desk.ts';
import type { Fault, VendorAnswer } from '../vendor/answer.ts';
import { type Scene, thrownBy } from './scene.ts';

const hardFaults = ['busy', 'broken', 'unauthorised', 'cut', 'gone', 'html', 'inside'] as const satisfies Fault[];

/**
 * What asks a vendor either throws when the vendor fails, so that the host asks again, or answers the same as without the
 * fault. Answering less would lose what it did not get. A reader that asks nobody has nothing to prove.
 */
export async function expectNothingLost(
  scene: Scene,
  read: (desk: TestDesk) => Promise<readonly string[]>,
  refusal?: VendorAnswer,
): Promise<void> {
  const { vendor } = scene;
  const before = vendor.requests.length;
  const whole = await read(scene.desk());
  if (vendor.requests.length === before) return;
  for (const fault of [...hardFaults, ...(refusal ? [refusal] : [])]) {
    vendor.fault(fault);
    const error = await thrownUnlessWhole(scene, () => read(scene.desk()), whole);
    if (fault === 'busy' && error !== undefined) expectComeBack(error);
    vendor.heal();
  }
  await expectHangUp(scene, read);
  expect(await read(scene.desk()), 'the same again once the vendor is well').toEqual(whole);
}

async function thrownUnlessWhole(scene: Scene, read: () => Promise<readonly string[]>, whole: readonly string[]): Promise<unknown> {
  try {
    const got = await read();
    expect(got, 'less than the whole, and no word of it').toEqual(whole);
    return undefined;
  } catch (error) {
    if ((error as { name?: unknown }).name === 'AssertionError') throw error;
    scene.heard(error);
    return error;
  }
}

function expectComeBack(error: unknown): void {
  expect(error, '429 with Retry-After').toBeInstanceOf(ComeBackLater);
  expect(error).toMatchObject({ afterSeconds: 7 });
}

/** A silent vendor is left as soon as the desk's signal says so. */
async function expectHangUp(scene: Scene, read: (desk: TestDesk) => Promise<readonly string[]>): Promise<void> {
  const { vendor } = scene;
  const abort = new AbortController();
  const asked = vendor.requests.length;
  vendor.fault('silent');
  const error = thrownBy(scene, () => read(scene.desk(abort.signal)));
  await expect.poll(() => vendor.requests.length).toBeGreaterThan(asked);
  abort.abort(new Error('time is up'));
  await error;
  vendor.heal();
  vendor.release();
}
