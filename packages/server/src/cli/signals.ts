import { exitCodes } from './exit.ts';

export type StopSignal = 'SIGINT' | 'SIGTERM';

const codes: Record<StopSignal, number> = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated };

/** npm passes Ctrl-C on to a process that the terminal has told already: what comes this soon after the first is its echo. */
const echo = 1000;

/** Resolves at the first SIGINT or SIGTERM; another one ends the process at once. */
export function untilStopped(onFirst: (signal: StopSignal) => void): Promise<StopSignal> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const stop = (signal: StopSignal): void => {
      const now = performance.now();
      if (first !== undefined) {
        if (signal === 'SIGINT' && now - first < echo) return;
        process.exit(codes[signal]);
      }
      first = now;
      onFirst(signal);
      resolve(signal);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
