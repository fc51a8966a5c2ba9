import type { Desk, Outcome } from '@enishi/plugin-sdk';
import type { Ask } from '../api.ts';
import { groupsIn } from './groups.ts';
import { type Item, type Outcomes, sender } from './sender.ts';

const mostAtOnce = 500;
const pushesAtOnce = 20;

/** Longer than a call may take. */
const waits: Outcome = {
  status: 'retry',
  reason: 'LINE has not said yet whether it took the multicast this was part of',
  afterSeconds: 90,
};
const unknown: Outcome = { status: 'rejected', reason: 'LINE did not say whether it took this message; a replay may send it twice' };

/**
 * A delivery's first attempt may be a multicast. When its answer is lost, the same key asks again, for whoever is still to get
 * it, and LINE says whether it had come through. A push has a key of its own, made of the delivery's id.
 */
export async function dispatch(items: readonly Item[], desk: Desk, ask: Ask): Promise<Outcomes> {
  const line = sender(desk, ask);
  const groups = groupsIn(desk.state);
  const former = await Promise.all(items.map(({ id, attempt }) => (attempt > 1 ? groups.keyOf(id) : undefined)));
  const { fresh = [], alone = [] } = Object.groupBy(
    items.filter((_item, index) => former[index] === undefined),
    ({ attempt }) => (attempt === 1 ? 'fresh' : 'alone'),
  );
  const pushed = [...alone];
  const done: Outcomes[] = [];
  const each = (group: readonly Item[], outcome: Outcome): Outcomes => group.map(({ id }) => [id, outcome]);

  const first = async (group: readonly Item[]): Promise<void> => {
    const key = await groups.begin(idsOf(group));
    const { answer, outcomes } = await line.multicast(key, group);
    await groups.settle(key, answer);
    if (answer === 'refuses-recipients') pushed.push(...group);
    else done.push(outcomes);
  };

  const again = async (key: string, group: readonly Item[]): Promise<void> => {
    const certain = await groups.certain(key);
    if (certain !== undefined) {
      const { sent, others } = certain;
      const [inside, outside] = parted(group, sent === 'everybody' ? undefined : sent);
      if (others === 'unsent') pushed.push(...outside);
      else done.push(each(outside, unknown));
      if (inside.length > 0) done.push((await line.multicast(key, inside)).outcomes);
      return;
    }
    if (!(await groups.mayAsk(key))) return void done.push(each(group, waits));
    const before = await groups.asked(key);
    const [inside, outside] = parted(group, before);
    done.push(each(outside, waits));
    if (inside.length === 0) return groups.release(key);
    await groups.willAsk(key, idsOf(inside));
    const { answer, outcomes } = await line.multicast(key, inside);
    await groups.settleAgain(key, answer, { ids: idsOf(inside), before });
    if (answer === 'refuses-recipients') pushed.push(...inside);
    else done.push(outcomes);
  };

  for (const alike of Map.groupBy(fresh, ({ composed }) => JSON.stringify(composed)).values())
    for (const group of chunks(alike, mostAtOnce)) {
      if (group.length === 1) pushed.push(...group);
      else await first(group);
    }
  for (const [key, group] of Map.groupBy(items, (_item, index) => former[index])) if (key !== undefined) await again(key, group);
  for (const some of chunks(pushed, pushesAtOnce)) done.push(await Promise.all(some.map(line.push)));
  return done.flat();
}

const idsOf = (items: readonly Item[]): string[] => items.map(({ id }) => id);

/** Those among these ids, and the others; `undefined` names everybody. */
const parted = (items: readonly Item[], ids: readonly string[] | undefined): [Item[], Item[]] => [
  items.filter(({ id }) => ids?.includes(id) !== false),
  items.filter(({ id }) => ids?.includes(id) === false),
];

function* chunks<TItem>(items: readonly TItem[], size: number): Iterable<readonly TItem[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
