import { styleText } from 'node:util';
import { openStage } from '../stage.ts';
import { makeWorld } from '../world/world.ts';
import { asking } from './asking.ts';
import { moving } from './moving.ts';
import { onePerson } from './one-person.ts';
import { sceneOf } from './scene.ts';
import { sevenSystems } from './seven-systems.ts';
import { StepFailed, walk } from './step.ts';
import { takingIn } from './taking-in.ts';
import { twoPersons } from './two-persons.ts';

export interface TourOptions {
  readonly people: number;
  readonly port: number | undefined;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/** Everything once, on a database of its own. Answers the exit code. */
export async function runTour({ people, port = 0, signal, print }: TourOptions): Promise<number> {
  const started = performance.now();
  const stage = await openStage({ world: makeWorld({ people, today: new Date() }), port, folder: undefined, signal, print });
  try {
    const { url, report } = stage;
    const scene = sceneOf(stage);
    const counts = Object.entries(report?.receipts ?? {}).map(([status, count]) => `${count} ${status}`);
    print(`${report?.events} events of ${people} people in ${report?.seconds.toFixed(1)} s: ${counts.join(', ')}.`);
    print(`Ready after ${((performance.now() - started) / 1000).toFixed(1)} s at ${url}`);
    await walk(
      [...takingIn(scene), ...onePerson(scene), ...twoPersons(scene), ...moving(scene), ...sevenSystems(scene), ...asking(scene)],
      print,
    );
    print(styleText('green', '\nEvery step did what it says. / すべての段階が期待どおりでした。'));
    return 0;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    print(styleText('red', `\n${error.message}`));
    return 1;
  } finally {
    await stage.close();
  }
}
