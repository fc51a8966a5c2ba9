import Mustache from 'mustache';

/** What a template may name. */
export type View = Readonly<Record<string, unknown>>;

const writer = new Mustache.Writer();

/** Lists read as a text, things without one read as nothing: "[object Object]" never reaches a customer. */
const plain = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(plain).filter(Boolean).join(', ');
  return value === null || typeof value === 'object' || typeof value === 'function' ? '' : String(value);
};

export const renderText = (template: string, view: View): string => writer.render(template, view, {}, { escape: plain });

export const renderHtml = (template: string, view: View): string =>
  writer.render(template, view, {}, { escape: (value: unknown) => Mustache.escape(plain(value)) });

/** A subject is one line: a value with a line break in it must not begin a header of its own. */
export const renderSubject = (template: string, view: View): string => renderText(template, view).replace(/\s+/g, ' ').trim();

/** Traits as a template names them: `ec.favourite` is reached by `{{ec.favourite}}`; an empty value gives way to its fallback. */
export function viewOf(traits: View, fallbacks: Readonly<Record<string, string>>, known: View): View {
  const view = branch();
  for (const [name, value] of [...Object.entries(fallbacks), ...Object.entries(traits), ...Object.entries(known)])
    if (value !== undefined && value !== null && value !== '') place(view, name.split('.'), value);
  return view;
}

type Branch = Record<string, unknown>;

// Without a prototype, so that `{{constructor}}` names nothing.
const branch = (): Branch => Object.create(null) as Branch;

function place(into: Branch, [head = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[head] = value;
    return;
  }
  const next = into[head];
  const deeper = isBranch(next) ? next : branch();
  into[head] = deeper;
  place(deeper, rest, value);
}

const isBranch = (value: unknown): value is Branch => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;

type Token = readonly [type: string, value: string, start: number, end: number, children?: unknown];

const unusable: Readonly<Record<string, string>> = {
  '>': 'partials such as {{> name}} do not exist here',
  '=': 'changing the delimiters is not supported',
};

/** What is wrong with a template, or `undefined`. In HTML a value is always escaped: a customer's name must not become markup. */
export function templateProblem(template: string, kind: 'text' | 'html'): string | undefined {
  try {
    return problemIn(Mustache.parse(template) as unknown as readonly Token[], kind);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function problemIn(tokens: readonly Token[], kind: 'text' | 'html'): string | undefined {
  for (const [type, value, , , children] of tokens) {
    const problem = unusable[type];
    if (problem !== undefined) return problem;
    if (type === '&' && kind === 'html') return `{{{${value}}}} would put a value into the page unescaped: write {{${value}}}`;
    const inner = Array.isArray(children) ? problemIn(children as readonly Token[], kind) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}
