import { createServer } from 'node:net';
import { invitation } from './invitation.ts';
import { startMailPage } from './mail/page.ts';
import { simulate } from './simulator.ts';
import { openStage } from './stage.ts';
import { makeWorld } from './world/world.ts';

export interface DemoOptions {
  readonly people: number;
  readonly port: number | undefined;
  readonly folder: string | undefined;
  readonly quiet: boolean;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

const usualPort = 4000;

/** Puts the demo up and lets things happen until it is stopped. Answers the exit code. */
export async function runDemo({ people, port, folder, quiet, signal, print }: DemoOptions): Promise<number> {
  const started = performance.now();
  const world = makeWorld({ people, today: new Date() });
  const stage = await openStage({ world, port: port ?? ((await isFree(usualPort)) ? usualPort : 0), folder, signal, print });
  try {
    const page = await startMailPage(stage.mail);
    try {
      const { report } = stage;
      if (report !== undefined) print(`${report.events} events in ${report.seconds.toFixed(1)} s.`);
      print(invitation({ ...stage, mailPage: page.url, readyAfter: (performance.now() - started) / 1000 }));
      await simulate({ stage, world, signal, print: quiet ? () => {} : print });
      print('\nStopping … / 終了します …');
    } finally {
      await page.stop();
    }
    return 0;
  } finally {
    await stage.close();
  }
}

/** Somebody may already work on the usual port; the demo then takes any other and says which. */
const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
