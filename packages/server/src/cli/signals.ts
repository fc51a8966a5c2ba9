import { exitCodes } from './exit.ts';

export type StopSignal = 'SIGINT' | 'SIGTERM';

const codes: Record<StopSignal, number> = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated };

/** Resolves at the first SIGINT or SIGTERM; the second ends the process at once. */
export function untilStopped(onFirst: (signal: StopSignal) => void): Promise<StopSignal> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (signal: StopSignal): void => {
      if (stopping) process.exit(codes[signal]);
      stopping = true;
      onFirst(signal);
      resolve(signal);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
