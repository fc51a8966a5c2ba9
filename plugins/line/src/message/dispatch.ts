import type { Desk } from '@enishi/plugin-sdk';
import type { Ask } from '../api.ts';
import { retryKey } from './retry-key.ts';
import { type Item, type Outcomes, sender } from './sender.ts';

const mostAtOnce = 500;
const pushesAtOnce = 20;
/** As long as LINE remembers a retry key. */
const day = 86_400;

const groupKey = (id: string): string => `multicast/${id}`;
/** For whom LINE took a key, where not for the whole group it was made for. */
const takenKey = (key: string): string => `taken/${key}`;

/**
 * A delivery's first attempt may be a multicast. The retry key of that multicast is kept with each delivery before it goes out:
 * when its answer is lost, the same key asks again, for whoever is still to get it, and LINE says whether it had come through.
 * A push has a key of its own, made of the delivery's id.
 */
export async function dispatch(items: readonly Item[], desk: Desk, ask: Ask): Promise<Outcomes> {
  const line = sender(desk, ask);
  const former = await Promise.all(items.map(({ id, attempt }) => (attempt > 1 ? desk.state.get<string>(groupKey(id)) : undefined)));
  const {
    fresh = [],
    alone = [],
    grouped = [],
  } = Object.groupBy(
    items.map((item, index) => ({ item, key: former[index] })),
    ({ item, key }) => (key !== undefined ? 'grouped' : item.attempt === 1 ? 'fresh' : 'alone'),
  );
  const pushed = alone.map(({ item }) => item);
  const done: Outcomes[] = [];

  const remember = async (group: readonly Item[]): Promise<string> => {
    const key = retryKey(group.map(({ id }) => id));
    await Promise.all(group.map(({ id }) => desk.state.set(groupKey(id), key, { forSeconds: day })));
    return key;
  };
  const cast = async (key: string, group: readonly Item[], again: boolean): Promise<void> => {
    const { answer, outcomes } = await line.multicast(key, group);
    if (answer === 'refuses-recipients') pushed.push(...group);
    else done.push(outcomes);
    // Whoever of the group is not here now was not in a request that LINE takes only now: they need keys of their own.
    const taken = answer === 'refuses-recipients' ? [] : answer === 'taken' && again ? group.map(({ id }) => id) : undefined;
    if (taken !== undefined) await desk.state.set(takenKey(key), taken, { forSeconds: day });
  };

  for (const alike of Map.groupBy(fresh, ({ item }) => JSON.stringify(item.composed)).values())
    for (const group of chunks(alike, mostAtOnce)) {
      const some = group.map(({ item }) => item);
      if (some.length === 1) pushed.push(...some);
      else await cast(await remember(some), some, false);
    }
  for (const [key = '', group] of Map.groupBy(grouped, ({ key }) => key)) {
    const taken = await desk.state.get<string[]>(takenKey(key));
    const { known = [], others = [] } = Object.groupBy(group, ({ item }) => (taken?.includes(item.id) === false ? 'others' : 'known'));
    pushed.push(...others.map(({ item }) => item));
    if (known.length > 0)
      await cast(
        key,
        known.map(({ item }) => item),
        true,
      );
  }
  for (const some of chunks(pushed, pushesAtOnce)) done.push(await Promise.all(some.map(line.push)));
  return done.flat();
}

function* chunks<TItem>(items: readonly TItem[], size: number): Iterable<readonly TItem[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
