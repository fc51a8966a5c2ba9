import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { runDemo } from './demo.ts';
import { runTour } from './tour/tour.ts';

const wholeNumber =
  (low: number, high: number) =>
  (text: string): number => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < low || number > high)
      throw new InvalidArgumentError(`Give a whole number from ${low} to ${high}.`);
    return number;
  };

interface Options {
  readonly once?: boolean;
  readonly people: number;
  readonly port?: number;
  readonly keep?: boolean;
  readonly quiet?: boolean;
}

const program = new Command('npm run demo --')
  .description('A Japanese retailer with stores, a shop and a mailing list: real-looking data, a running server, segments that move.')
  .option('--once', 'a scripted tour on a fresh database: each step says what it expects and shows what it saw; then everything is gone')
  .option('--people <number>', 'how many people the world has', wholeNumber(100, 200_000), 5000)
  .option('--port <number>', 'where to listen; default 4000, or a free port if that is taken', wholeNumber(0, 65_535))
  .option('--keep', 'keep the database in .enishi/demo and go on with it the next time')
  .option('--quiet', 'do not print each thing that happens')
  .addHelpText(
    'after',
    `
Examples:
  npm run demo
  npm run demo -- --once
  npm run demo -- --people 20000 --port 8080 --keep

Ctrl-C stops everything. Exit codes: 0 done; 1 something failed or a step of the tour did not do what it says; 2 the command line is wrong.`,
  )
  .exitOverride();

async function run(): Promise<number> {
  let options: Options;
  try {
    options = program.parse().opts<Options>();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const stopping = new AbortController();
  let since = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      // npm passes Ctrl-C on to a process that the terminal has told already: only one that comes later means "at once".
      if (stopping.signal.aborted && Date.now() - since > 1000) process.exit(130);
      since ||= Date.now();
      stopping.abort();
    });
  const print = (line: string): void => console.log(line);
  const { people, port, keep = false, quiet = false } = options;
  const start = { people, port, signal: stopping.signal, print };
  try {
    if (options.once) return await runTour(start);
    return await runDemo({ ...start, quiet, folder: keep ? resolve('.enishi/demo') : undefined });
  } catch (error) {
    if (stopping.signal.aborted) return 130;
    console.error(`\ndemo: ${error instanceof Error ? error.message : String(error)}`);
    if (process.env.LOG_LEVEL === 'debug' && error instanceof Error) console.error(error.stack);
    return 1;
  }
}

process.exitCode = await run();
