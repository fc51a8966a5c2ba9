import { createRequire } from 'node:module';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { exitCodes, sentenceOf } from './exit.ts';
import { addPluginCommands } from './plugin-program.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const wholeNumber = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('Give a whole number of at least 1.');
  return number;
};

const gather = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

// Every command is loaded when it runs: `--help` must not wait for a database driver and a GraphQL schema.
export function createProgram(finish: (code: number) => void): Command {
  const program = new Command('enishi')
    .description('A customer-data platform that speaks GraphQL.')
    .version(version, '-V, --version')
    .option('-c, --config <file>', 'settings; default: enishi.config.ts here or in a folder above')
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride();
  program.addHelpText('after', `\n${environmentHelp}\n\n${exitHelp}`);

  program
    .command('start')
    .description('Start the server: GraphQL, live, tracking API, webhooks, deliveries. Migrates first.')
    .option('-p, --port <number>', 'instead of PORT or the settings', wholeNumber)
    .addHelpText('after', '\nExamples:\n  enishi start\n  DATABASE_URL=postgres://… enishi start --port 8080')
    .action(async (options, command: Command) =>
      finish(await (await import('./start.ts')).start({ ...command.optsWithGlobals(), ...options })),
    );

  program
    .command('dev')
    .description('Start the server, and again whenever enishi.config.ts or a source of a plugin beside it changes.')
    .option('-p, --port <number>', 'instead of PORT or the settings', wholeNumber)
    .option('--watch <folder>', 'a folder to watch as well; may be repeated', gather)
    .action(async (_options, command: Command) => finish(await (await import('./dev.ts')).devCommand(command.optsWithGlobals())));

  program
    .command('migrate')
    .description('Bring the database to the newest schema and make the workspaces of the settings. Safe to repeat.')
    .addHelpText('after', '\nExample:\n  DATABASE_OWNER_URL=postgres://owner:…@db/enishi enishi migrate')
    .action(async (_options, command: Command) => finish(await (await import('./migrate.ts')).migrateCommand(command.optsWithGlobals())));

  program
    .command('import <source> <file>')
    .description('Read a file (also .gz) through a file source of a plugin. Stopped, it goes on where it was; repeated, it adds nothing.')
    .option('-w, --workspace <key>', 'which workspace', 'main')
    .option('-o, --option <key=value>', 'one setting of the file source; may be repeated', gather)
    .option('--options <file.json>', 'settings of the file source')
    .option('--rejects <file>', 'where lines that could not be stored go, with their reason; default: FILE.rejects.ndjson')
    .addHelpText('after', importExamples)
    .action(async (source: string, file: string, options: object) =>
      finish(await (await import('./import.ts')).importCommand({ ...program.opts(), ...options, source, file })),
    );

  program
    .command('backfill <plugin.source>')
    .description("Fetch a partner's history, page by page; a running server helps. The same command goes on with one that has not ended.")
    .option('-w, --workspace <key>', 'which workspace', 'main')
    .option('-o, --option <key=value>', 'setting of the backfill; may be repeated', gather)
    .option('--options <file.json>', 'settings of the backfill')
    .addHelpText('after', '\nExample:\n  enishi backfill foursquare.history --option since=2026-01-01')
    .action(async (source: string, options: object) =>
      finish(await (await import('./backfill.ts')).backfillCommand({ ...program.opts(), ...options, source })),
    );

  addPluginCommands(program, finish);

  const segment = program.command('segment').description('Look at segments.');
  segment
    .command('preview')
    .description('Count whom a rule would hold now, without making a segment.')
    .requiredOption('-r, --rule <file or json>', 'the rule: a file, or the JSON itself')
    .option('-w, --workspace <key>', 'which workspace', 'main')
    .option('-n, --sample <number>', 'how many customer ids to show', wholeNumber, 10)
    .option('--json', 'one JSON object instead of text')
    .addHelpText('after', segmentExamples)
    .action(async (_options, command: Command) => finish(await (await import('./segment.ts')).previewCommand(command.optsWithGlobals())));

  const key = program.command('key').description('Make, list and revoke API keys.');
  key
    .command('create')
    .description('Make a key and print it this once; only its hash is kept.')
    .requiredOption('-r, --role <role>', 'front-end, source, bi, marketer, privacy or operator')
    .option('-n, --name <name>', 'who or what uses it')
    .option('-w, --workspace <key>', 'which workspace', 'main')
    .option('-s, --scope <scope>', 'instead of the scopes of the role; may be repeated', gather)
    .option('--purpose <purpose>', 'what its holder uses data for; default: that of the role')
    .option('--source <plugin.source>', 'the source its events are booked under; default: api')
    .option('--expires <date>', 'ISO date after which it stops working')
    .addHelpText(
      'after',
      '\nExamples:\n  enishi key create --role source --name "web shop"\n  enishi key create -r bi -n metabase --expires 2027-01-01',
    )
    .action(async (_options, command: Command) => finish(await (await import('./key.ts')).createCommand(command.optsWithGlobals())));
  key
    .command('list')
    .description('All keys ever made, without their secret.')
    .option('-w, --workspace <key>', 'which workspace', 'main')
    .option('--json', 'one JSON array instead of text')
    .action(async (_options, command: Command) => finish(await (await import('./key.ts')).listCommand(command.optsWithGlobals())));
  key
    .command('revoke <id>')
    .description('Stop a key for good. Running servers notice within five seconds.')
    .option('-w, --workspace <key>', 'which workspace', 'main')
    .action(async (id: string, _options, command: Command) =>
      finish(await (await import('./key.ts')).revokeCommand({ ...command.optsWithGlobals(), id })),
    );

  program
    .command('doctor')
    .description('Check that everything an installation needs is there, and say what to do where it is not.')
    .option('--json', 'one JSON array instead of text')
    .addHelpText('after', '\nExit code 0: nothing failed (warnings may remain); 1: something failed.')
    .action(async (_options, command: Command) => finish(await (await import('./doctor.ts')).doctorCommand(command.optsWithGlobals())));
  return program;
}

/** Runs one command line and answers its exit code. Errors are one readable line; the stack only with LOG_LEVEL=debug. */
export async function run(words: readonly string[]): Promise<number> {
  let code: number = exitCodes.done;
  const program = createProgram((given) => {
    code = given;
  });
  try {
    await program.parseAsync(words);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    process.stderr.write(`enishi: ${sentenceOf(error)}\n`);
    if (process.env.LOG_LEVEL === 'debug' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return exitCodes.failed;
  }
}

const environmentHelp = `Environment (laid over the settings):
  DATABASE_URL         postgres://user:password@host:5432/enishi; without it a PostgreSQL runs along, with its data in .enishi/postgres
  DATABASE_OWNER_URL   the owner of the tables for migrations, where DATABASE_URL must not be
  PORT, HOST           where to listen; default 4000 on every address
  PUBLIC_URL           how the world reaches the server, for links to it
  ENISHI_SECRET_KEY    what secrets that plugins keep are encrypted under; at least 32 random characters
  METRICS_TOKEN        whoever reads /metrics from another machine sends it as Bearer
  LOG_LEVEL            trace, debug, info, warn, error, silent`;

const exitHelp = `Exit codes:
  0    done
  1    failed; the last line says why
  2    the command line is wrong
  130  stopped by Ctrl-C (143: by SIGTERM)`;

const importExamples = `
Examples:
  enishi import pos.receipts receipts-2026-11.csv --option encoding=cp932
  enishi import ec.orders orders.ndjson.gz --options columns.json --rejects /tmp/rejects.ndjson

Ctrl-C stops after the batch under way. The same command goes on from there.`;

const segmentExamples = `
Examples:
  enishi segment preview --rule '{"event":"pos.receipt","within":"P90D","count":{"atLeast":3}}'
  enishi segment preview --rule rule.json --sample 50 --json`;
