import { getHeapStatistics } from 'node:v8';

export interface MemoryWatch {
  /** Share of the largest heap beyond which somebody should know. */
  readonly share: number;
  /** Plugins that have worked lately. */
  readonly atWork: () => readonly string[];
  readonly onFull: (facts: { readonly share: number; readonly megabytes: number; readonly plugins: readonly string[] }) => void;
}

const lookMs = 2000;
const quietMs = 60_000;

/** How much of the largest heap is in use, 0 to 1. */
export function heapShare(): number {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  return used_heap_size / heap_size_limit;
}

/**
 * Says, at most once a minute, when the heap is nearly full while plugins are at work. All plugins share one heap, so this
 * names suspects and stops nobody. The answered function ends it.
 */
export function watchMemory({ share, atWork, onFull }: MemoryWatch): () => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  const timer = setInterval(() => {
    const now = heapShare();
    if (now < share || performance.now() - toldAt < quietMs) return;
    const plugins = atWork();
    if (plugins.length === 0) return;
    toldAt = performance.now();
    onFull({ share: Math.round(now * 100) / 100, megabytes: Math.round(getHeapStatistics().used_heap_size / 1024 ** 2), plugins });
  }, lookMs);
  timer.unref();
  return () => clearInterval(timer);
}
