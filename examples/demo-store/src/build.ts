import type { Draft } from '@enishi/plugin-sdk';
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

/** Enough for both writers of the line. */
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
  let done = 0;
  bar.start(world.happenings.length, 0, { rate: 0 });
  try {
    for (const { source, drafts } of batches(world)) {
      signal.throwIfAborted();
      for (const { status } of await line.accept(workspace, source, drafts)) receipts[status] = (receipts[status] ?? 0) + 1;
      done += drafts.length;
      bar.update(done, { rate: Math.round(done / seconds()) });
    }
  } finally {
    bar.stop();
  }
  return { events: world.happenings.length, seconds: seconds(), receipts };
}

/** Each source sends on its own when it has enough; none overtakes itself. One after the other, so that every run ends with the same customers. */
function* batches({ happenings }: World): Iterable<{ readonly source: string; readonly drafts: readonly Draft[] }> {
  const waiting = new Map<string, Draft[]>();
  for (const { source, draft } of happenings.map(doorOf)) {
    const drafts = waiting.get(source) ?? [];
    waiting.set(source, drafts);
    drafts.push(draft);
    if (drafts.length === batch) yield { source, drafts: drafts.splice(0) };
  }
  for (const [source, drafts] of waiting) if (drafts.length > 0) yield { source, drafts };
}
