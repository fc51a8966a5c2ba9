import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from 'vite';

type Program = ReturnType<typeof parseSync>['program'];
type Statement = Program['body'][number];

interface Module {
  /** Local name of every declaration → its text without comments. */
  readonly declared: Map<string, string>;
  /** Exported name → where it is declared. */
  readonly exported: Map<string, { readonly file: string; readonly name: string }>;
}

/**
 * What a package promises, from its emitted declarations: every exported name with its signature, sorted, without
 * comments. Checked in, so that a change of the contract is a visible change of one file.
 */
export function reportOf(entries: Readonly<Record<string, string>>): string {
  const sections = Object.entries(entries).map(([door, file]) => {
    const { exported } = readModule(file);
    const texts = [...exported].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, origin]) => declarationOf(name, origin));
    return `## \`${door}\`\n\n\`\`\`ts\n${texts.join('\n\n')}\n\`\`\`\n`;
  });
  return sections.join('\n');
}

function declarationOf(name: string, origin: { file: string; name: string }): string {
  const { declared } = readModule(origin.file);
  const text = declared.get(origin.name);
  if (text === undefined) throw new Error(`${origin.file} exports ${origin.name} but does not declare it`);
  const hidden = [...declared.keys()].filter((other) => other !== origin.name && isHidden(origin.file, other) && mentions(text, other));
  const helpers = hidden.sort().map((other) => `// not exported\n${declared.get(other)}`);
  return [...helpers, name === origin.name ? text : `${text}\n// as ${name}`].join('\n');
}

const isHidden = (file: string, name: string): boolean => ![...readModule(file).exported.values()].some((origin) => origin.name === name);

const mentions = (text: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);

function readModule(file: string): Module {
  const source = readFileSync(file, 'utf8');
  const { program, comments, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const module: Module = { declared: new Map(), exported: new Map() };
  for (const statement of program.body)
    readStatement(statement, { file, module, textOf: (node) => withoutComments(source, node, comments) });
  return module;
}

interface Reading {
  readonly file: string;
  readonly module: Module;
  readonly textOf: (node: { start: number; end: number }) => string;
}

function readStatement(statement: Statement, { file, module, textOf }: Reading): void {
  if (statement.type === 'ExportAllDeclaration') {
    for (const [name, origin] of readModule(resolve(file, statement.source.value)).exported) module.exported.set(name, origin);
    return;
  }
  if (statement.type !== 'ExportNamedDeclaration') {
    for (const name of namesOf(statement)) declare(module, name, textOf(statement));
    return;
  }
  for (const name of statement.declaration ? namesOf(statement.declaration) : []) {
    declare(module, name, textOf(statement));
    module.exported.set(name, { file, name });
  }
  for (const { local, exported } of statement.specifiers) {
    const name = spelled(exported);
    const origin = { file, name: spelled(local) };
    module.exported.set(name, statement.source ? followed(resolve(file, statement.source.value), origin.name) : origin);
  }
}

/** A function may be declared several times, once for each way to call it. */
function declare({ declared }: Module, name: string, text: string): void {
  const before = declared.get(name);
  declared.set(name, before === undefined ? text : `${before}\n${text}`);
}

function followed(file: string, name: string): { file: string; name: string } {
  const origin = readModule(file).exported.get(name);
  if (!origin) throw new Error(`${file} does not export ${name}`);
  return origin;
}

const resolve = (from: string, specifier: string): string => join(dirname(from), specifier.replace(/\.[jt]s$/, '.d.ts'));

const spelled = (name: { type: string; name?: string; value?: unknown }): string => name.name ?? String(name.value);

function namesOf(node: { type: string; id?: unknown; declarations?: unknown }): string[] {
  const nodes = Array.isArray(node.declarations) ? (node.declarations as { id?: unknown }[]) : [node];
  return nodes.flatMap(({ id }) => (id && typeof id === 'object' && 'name' in id && typeof id.name === 'string' ? [id.name] : []));
}

function withoutComments(
  source: string,
  node: { start: number; end: number },
  comments: readonly { start: number; end: number }[],
): string {
  const inside = comments.filter(({ start, end }) => start >= node.start && end <= node.end);
  let text = '';
  let from = node.start;
  for (const { start, end } of inside) {
    text += source.slice(from, start);
    from = end;
  }
  text += source.slice(from, node.end);
  return text.replace(/\n\s*(?=\n)/g, '');
}
