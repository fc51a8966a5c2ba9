import type { Desk, Outcome } from '@enishi/plugin-sdk';
import type { Ask } from '../api.ts';
import { groupsIn } from './groups.ts';
import { type Item, type Outcomes, sender } from './sender.ts';

const mostAtOnce = 500;
const pushesAtOnce = 20;

/** Longer than a call may take. */
const waits: Outcome = { status: 'retry', reason: 'others of the same multicast are being asked for', afterSeconds: 90 };

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

  const cast = async (key: string, group: readonly Item[], again: boolean): Promise<void> => {
    const { answer, outcomes } = await line.multicast(key, group);
    await groups.settle(key, answer, { ids: group.map(({ id }) => id), again });
    if (answer === 'refuses-recipients') pushed.push(...group);
    else done.push(outcomes);
  };

  for (const alike of Map.groupBy(fresh, ({ composed }) => JSON.stringify(composed)).values())
    for (const group of chunks(alike, mostAtOnce)) {
      if (group.length === 1) pushed.push(...group);
      else await cast(await groups.begin(group.map(({ id }) => id)), group, false);
    }
  for (const [key, group] of Map.groupBy(items, (_item, index) => former[index])) {
    if (key === undefined) continue;
    const taken = await groups.takenFor(key);
    const known = group.filter(({ id }) => taken === undefined || taken === 'everybody' || taken.includes(id));
    // LINE has taken the key for others, or for nobody: these need keys of their own.
    pushed.push(...group.filter((item) => !known.includes(item)));
    if (known.length === 0) continue;
    if (taken !== undefined || (await groups.mayAsk(key))) await cast(key, known, true);
    else done.push(known.map(({ id }) => [id, waits]));
  }
  for (const some of chunks(pushed, pushesAtOnce)) done.push(await Promise.all(some.map(line.push)));
  return done.flat();
}

function* chunks<TItem>(items: readonly TItem[], size: number): Iterable<readonly TItem[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
