import { createHmac } from 'node:crypto';
import type { Desk, Draft } from '@enishi/plugin-sdk';
import { draftsOf, type Feedback } from './feedback.ts';

export interface SoftBounceLimit {
  /** So many soft bounces within the window suppress the address. */
  readonly count: number;
  readonly withinDays: number;
}

export interface JudgeSettings {
  readonly softBounces: SoftBounceLimit;
  /** Names addresses in the state by a keyed hash: what is remembered there must not outlive an erasure as a plain address. */
  readonly secret: string;
}

type Remembered = readonly (readonly [id: string, at: number])[];

/** Turns feedback into events. A hard bounce and a complaint suppress at once, a soft bounce only when there have been several of late. */
export function judge({ softBounces, secret }: JudgeSettings) {
  const windowMs = softBounces.withinDays * 86_400_000;
  const keyOf = (email: string): string => `soft/${createHmac('sha256', secret).update(email.toLowerCase()).digest('base64url')}`;

  const oneTooMany = async ({ id, at, email }: Feedback, { state }: Desk): Promise<boolean> => {
    const key = keyOf(email);
    const earlier = (await state.get<Remembered>(key)) ?? [];
    // By id: a report that is read a second time must not count as another bounce.
    const all = [...earlier.filter(([known]) => known !== id), [id, at.getTime()] as const];
    const recent = all.filter(([, time]) => Math.abs(time - at.getTime()) <= windowMs).slice(-softBounces.count);
    await state.set(key, recent, { forSeconds: windowMs / 1000 });
    return recent.length >= softBounces.count;
  };

  return async (feedback: Feedback, desk: Desk): Promise<Draft[]> => {
    const suppress = feedback.kind === 'soft' ? await oneTooMany(feedback, desk) : feedback.kind !== 'blocked';
    return draftsOf(feedback, suppress);
  };
}

export type Judge = ReturnType<typeof judge>;
