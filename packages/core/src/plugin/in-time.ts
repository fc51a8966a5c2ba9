/** A plugin took longer than it may, or was stopped because the house shuts down. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
}

export interface TimeLimit {
  readonly seconds: number;
  /** Ends it sooner: the house shuts down. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a plugin's code until it ends or its time is up. Its signal is aborted then; code that ignores it is not waited for,
 * so whoever hangs holds up nobody who asked.
 */
export async function inTime<TResult>(limit: TimeLimit, work: (signal: AbortSignal) => TResult | Promise<TResult>): Promise<TResult> {
  const abort = new AbortController();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const end = (message: string) => (): void => {
    const late = new TookTooLong(message);
    abort.abort(late);
    reject(late);
  };
  const shutDown = end('the house shuts down');
  const timer = setTimeout(end(`it did not answer within ${limit.seconds} seconds`), limit.seconds * 1000);
  limit.signal?.addEventListener('abort', shutDown, { once: true });
  try {
    if (limit.signal?.aborted) shutDown();
    // In a function of its own, so that what throws at once is thrown as what throws later.
    return await Promise.race([(async () => work(abort.signal))(), stopped]);
  } finally {
    clearTimeout(timer);
    limit.signal?.removeEventListener('abort', shutDown);
    // Whoever goes on behind our back loses the way out.
    abort.abort();
  }
}
