import type { EnishiServer } from '@enishi/server';
import { Presets, SingleBar } from 'cli-progress';
import { doorOf } from './doors.ts';
import type { World } from './world/world.ts';

type Line = EnishiServer['line'];
type Workspace = EnishiServer['workspaces'][number];

export interface BuildReport {
  readonly events: number;
  readonly seconds: number;
  /** How many receipts of each status. */
  readonly receipts: Readonly<Record<string, number>>;
}

const batch = 1000;

/** Takes the whole world through the line, the oldest first, as its sources would have sent it. */
export async function build(
  world: World,
  { line, workspace, signal }: { line: Line; workspace: Workspace; signal: AbortSignal },
): Promise<BuildReport> {
  const bar = new SingleBar(
    {
      format: '  {bar} {percentage}%  {value}/{total} events  {rate}/s',
      hideCursor: true,
      noTTYOutput: true,
      notTTYSchedule: 5000,
      fps: 10,
    },
    Presets.shades_classic,
  );
  const receipts: Record<string, number> = {};
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  bar.start(world.happenings.length, 0, { rate: 0 });
  try {
    for (let from = 0; from < world.happenings.length; from += batch) {
      signal.throwIfAborted();
      const bySource = Map.groupBy(world.happenings.slice(from, from + batch).map(doorOf), ({ source }) => source);
      for (const [source, items] of bySource)
        for (const { status } of await line.accept(
          workspace,
          source,
          items.map(({ draft }) => draft),
        ))
          receipts[status] = (receipts[status] ?? 0) + 1;
      bar.update(Math.min(from + batch, world.happenings.length), { rate: Math.round((from + batch) / seconds()) });
    }
  } finally {
    bar.stop();
  }
  return { events: world.happenings.length, seconds: seconds(), receipts };
}
