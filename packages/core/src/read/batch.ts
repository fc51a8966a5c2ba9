import DataLoader from 'dataloader';

export interface BatchOptions {
  /** Keys one statement may carry. */
  readonly largest: number;
  /** Statements of this kind that may be under way at once. */
  readonly inFlight: number;
}

/**
 * Loads by key, many askers to a statement. No timer: while fewer than `inFlight` statements are under way a lone asker goes at
 * once (with those of the same turn of the event loop); everything asked meanwhile shares the next one. Nothing is remembered.
 */
export function batched<TValue>(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, TValue>>,
  { largest, inFlight }: BatchOptions,
): (key: string) => Promise<TValue | undefined> {
  const waiting: (() => void)[] = [];
  let free = inFlight;
  const schedule = (dispatch: () => void): void => {
    if (free === 0) {
      waiting.push(dispatch);
      return;
    }
    free -= 1;
    setImmediate(dispatch);
  };
  const done = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  const loader = new DataLoader<string, TValue | undefined>(
    async (keys) => {
      try {
        const values = await load([...new Set(keys)]);
        return keys.map((key) => values.get(key));
      } finally {
        done();
      }
    },
    { cache: false, maxBatchSize: largest, batchScheduleFn: schedule },
  );
  return (key) => loader.load(key);
}
