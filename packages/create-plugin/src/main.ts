import { basename, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ask } from './ask.ts';
import { type Kind, kinds, scaffold } from './scaffold.ts';

const help = `Makes an Enishi plugin that passes its tests at once.

  npm create @enishi/plugin [folder] -- [options]

  folder         where to; default enishi-plugin-NAME
  --name NAME    name of the plugin: lower-case letters, digits, hyphens
  --kind KIND    ${kinds.join(', ')}: what it does; default both
  --yes          ask nothing; needs a folder or a name
  --help         this text
`;

const isKind = (value: string): value is Kind => kinds.some((kind) => kind === value);

/** What the command line says; the rest is asked for, if somebody is there to answer. */
async function run(words: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      kind: { type: 'string' },
      yes: { type: 'boolean', short: 'y' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void process.stdout.write(help);
  const [folder, ...rest] = positionals;
  if (rest.length > 0) throw new Error(`One folder at most: ${positionals.join(' ')}`);
  if (values.kind !== undefined && !isKind(values.kind)) throw new Error(`--kind is one of ${kinds.join(', ')}.`);
  const silent = values.yes === true || !process.stdin.isTTY;
  const name = values.name ?? (folder === undefined ? undefined : basename(resolve(folder)).replace(/^enishi-plugin-/, ''));
  if (silent && name === undefined) throw new Error('Nobody is there to answer: give --name, and --kind if it is not both.');
  const plan =
    silent && name !== undefined
      ? { name, kind: values.kind ?? 'both', folder: folder ?? `enishi-plugin-${name}` }
      : await ask({ name: values.name, suggestion: name, kind: values.kind, folder });
  if (plan === undefined) throw new Error('Nothing was made.');
  const files = await scaffold({ ...plan, folder: resolve(plan.folder) });
  process.stdout.write(`${files.map((file) => `  ${file}`).join('\n')}\n\n${nextSteps(plan.folder)}`);
}

function nextSteps(folder: string): string {
  const place = relative(process.cwd(), resolve(folder)) || '.';
  const old = Number(process.versions.node.split('.', 1)[0]) < 22;
  return [
    'Next:',
    ...(place === '.' ? [] : [`  cd ${place}`]),
    '  npm install',
    '  npm test',
    ...(old ? ['', `Its tests need Node 22.12 or later; this is ${process.version}.`] : []),
    '',
  ].join('\n');
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
