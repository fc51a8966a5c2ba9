/** What keeps a process alive when it should end. Pipes and TTYs belong to the test runner. */
const watched = [
  'Timeout',
  'Immediate',
  'TCPSERVERWRAP',
  'TCPSocketWrap',
  'TCPServerWrap',
  'FSReqCallback',
  'ChildProcess',
  'ProcessWrap',
  'Worker',
];

type Census = ReadonlyMap<string, number>;

let worlds = 0;
let before: Census = new Map();

/**
 * Counts timers, sockets and processes from now on; the answered function fails if the test leaves one behind. Tests of
 * one file may run at once, so the count is taken when the first world opens and compared when the last one closes.
 */
export function watchForLeaks(): () => Promise<void> {
  if (worlds === 0) before = census();
  worlds += 1;
  return async () => {
    worlds -= 1;
    if (worlds > 0) return;
    const left = await settled(Date.now() + 2_000);
    if (left.length > 0) throw new Error(`left behind when the test was over: ${left.join(', ')}`);
  };
}

/** Sockets need a turn of the loop or two to go, so only those that stay are named. */
async function settled(deadline: number): Promise<string[]> {
  const now = census();
  const left = [...now].flatMap(([type, count]) => {
    const more = count - (before.get(type) ?? 0);
    return more > 0 ? [`${more} ${type}`] : [];
  });
  if (left.length === 0 || Date.now() > deadline) return left;
  await new Promise((resolve) => setTimeout(resolve, 10));
  return settled(deadline);
}

function census(): Census {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) if (watched.includes(type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}
