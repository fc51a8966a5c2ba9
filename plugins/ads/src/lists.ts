import type { StateStore } from '@enishi/plugin-sdk';

/**
 * Remembers which of a platform's lists people of this workspace were put into: whoever is erased must go from all of them, and
 * no platform can be asked which ones hold a person.
 */
export function rememberedLists(state: StateStore, platform: string) {
  const key = `${platform}.lists`;
  const all = async (): Promise<readonly string[]> => (await state.get<string[]>(key)) ?? [];
  return {
    all,
    remember: async (list: string): Promise<void> => {
      const known = await all();
      if (known.includes(list)) return;
      await state.set(key, [...known, list].sort());
      // Two processes may have written at once; whose entry was lost writes again.
      if (!(await all()).includes(list)) await state.set(key, [...(await all()), list].sort());
    },
  };
}
