/** What keeps a process alive when it should end; pipes belong to the test runner. */
const watched = ['TCPServerWrap', 'TCPSocketWrap', 'ProcessWrap', 'Worker'];

type Census = ReadonlyMap<string, number>;

let worlds = 0;
let before: Census = new Map();
let stopWatching: (() => void) | undefined;
const timers = new Map<NodeJS.Timeout, string>();

/**
 * Watches timers, sockets and processes from now on; the answered function fails if the test leaves one behind. Tests of
 * one file may run at once, so it looks when the last world closes at what was opened since the first one did.
 */
export function watchForLeaks(): () => Promise<void> {
  if (worlds === 0) {
    before = census();
    stopWatching = watchTimers();
  }
  worlds += 1;
  return async () => {
    worlds -= 1;
    if (worlds > 0) return;
    stopWatching?.();
    const left = await settled(Date.now() + 2_000);
    timers.clear();
    if (left.length > 0) throw new Error(`left behind when the test was over: ${left.join(', ')}`);
  };
}

/** Sockets need a turn of the loop or two to go, so only those that stay are named. */
async function settled(deadline: number): Promise<string[]> {
  const left = [...leftTimers(), ...leftHandles()];
  if (left.length === 0 || Date.now() > deadline) return left;
  await new Promise((resolve) => setTimeout(resolve, 10));
  return settled(deadline);
}

function leftHandles(): string[] {
  return [...census()].flatMap(([type, count]) => {
    const more = count - (before.get(type) ?? 0);
    return more > 0 ? [`${more} ${type}`] : [];
  });
}

/** One that was made to let the process end (`unref`) hurts nobody. */
function leftTimers(): string[] {
  const running = [...timers].filter(([timer]) => !(timer as { _destroyed?: boolean })._destroyed && timer.hasRef());
  return running.map(([, origin]) => `a timer ${origin}`);
}

function census(): Census {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) if (watched.includes(type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

/** Counting them would count the runner's too, so the functions that start one are followed while a world is open. */
function watchTimers(): () => void {
  const { setTimeout: timeout, setInterval: interval } = globalThis;
  const followed = <TStart extends typeof setTimeout | typeof setInterval>(start: TStart): TStart =>
    new Proxy(start, {
      apply(target, self, args) {
        const timer = Reflect.apply(target, self, args) as NodeJS.Timeout;
        timers.set(timer, new Error().stack?.split('\n').slice(2, 3).join('').trim() ?? '');
        return timer;
      },
    });
  globalThis.setTimeout = followed(timeout);
  globalThis.setInterval = followed(interval);
  return () => {
    globalThis.setTimeout = timeout;
    globalThis.setInterval = interval;
  };
}
