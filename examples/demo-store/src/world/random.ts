/** Chance that repeats: the same seed gives the same numbers on every machine. */
export interface Random {
  /** At least 0, less than 1. */
  readonly next: () => number;
  /** A whole number, both ends included. */
  readonly between: (low: number, high: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
  /** Picks by the weight each item answers. */
  readonly weighted: <T extends { readonly weight: number }>(from: readonly T[]) => T;
  readonly digits: (count: number) => string;
  /** An independent stream: what one person draws never shifts what the next one draws. */
  readonly fork: (name: string) => Random;
}

/** Spreads a name over 32 bits (FNV-1a with a final mix), so that neighbouring names start far apart. */
const hash = (text: string): number => {
  let state = 0x811c9dc5;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  return (state ^ (state >>> 13)) >>> 0;
};

export function random(seed: string): Random {
  let state = hash(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(from: readonly T[]): T => {
    if (from.length === 0) throw new RangeError('nothing to pick from');
    return from[between(0, from.length - 1)] as T;
  };
  return {
    next,
    between,
    pick,
    chance: (probability) => next() < probability,
    weighted: (from) => {
      let left = next() * from.reduce((sum, { weight }) => sum + weight, 0);
      for (const item of from) {
        left -= item.weight;
        if (left < 0) return item;
      }
      return pick(from);
    },
    digits: (count) => Array.from({ length: count }, () => between(0, 9)).join(''),
    fork: (name) => random(`${seed}/${name}`),
  };
}
