import Mustache from 'mustache';
import { type Place, placesInHtml, placesInText } from './place.ts';

/** What a template may name. */
export type View = Readonly<Record<string, unknown>>;

/** Lists read as a text, things without one read as nothing: "[object Object]" never reaches a customer. */
const plain = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(plain).filter(Boolean).join(', ');
  return value === null || value === undefined || typeof value === 'object' || typeof value === 'function' ? '' : String(value);
};

// A value that is a whole address may lead to a page, a mailbox or a telephone: `javascript:` leads nowhere.
const address = (value: string): string => (/^(?:https?:\/\/|mailto:|tel:)/i.test(value.trim()) ? value.trim() : '');
const part = (value: string): string => encodeURIComponent(value.toWellFormed());

const inHtml: Readonly<Record<Place, (value: string) => string>> = {
  text: Mustache.escape,
  address: (value) => Mustache.escape(address(value)),
  'part of an address': (value) => Mustache.escape(part(value)),
  unsafe: () => '',
};
const inText: Readonly<Record<Place, (value: string) => string>> = {
  ...inHtml,
  text: (value) => value,
  unsafe: (value) => value,
  'part of an address': part,
};

/** What Mustache's parser answers for one tag: what it is, what it names, where it stands. */
type Token = readonly [type: string, value: string, start: number, end: number, children?: unknown];

// A program's template is the same for everybody it is sent to: it is looked through once.
const writers = new Map<string, Mustache.Writer>();
const mostWriters = 100;

function writerOf(template: string, kind: 'text' | 'html'): Mustache.Writer {
  const key = `${kind} ${template}`;
  const known = writers.get(key);
  if (known !== undefined) return known;
  const places = kind === 'html' ? placesInHtml(template) : placesInText(template);
  const cleaners = kind === 'html' ? inHtml : inText;
  const print = (token: readonly unknown[], context: { lookup(name: string): unknown }): string =>
    cleaners[places.get(Number(token[2])) ?? 'unsafe'](plain(context.lookup(String(token[1]))));
  const writer = Object.assign(new Mustache.Writer(), { escapedValue: print, unescapedValue: print });
  if (writers.size >= mostWriters) writers.clear();
  writers.set(key, writer);
  return writer;
}

const render = (template: string, view: View, kind: 'text' | 'html'): string => writerOf(template, kind).render(template, view);

/** A value within an address is encoded as a part of it, elsewhere it is printed as it is. */
export const renderText = (template: string, view: View): string => render(template, view, 'text');

/** Every value is escaped for the place where it stands: in text, in an attribute, as an address or inside one. */
export const renderHtml = (template: string, view: View): string => render(template, view, 'html');

/** A subject is one line: a value with a line break in it must not begin a header of its own. */
export const renderSubject = (template: string, view: View): string =>
  render(template, view, 'text')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

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

const unusable: Readonly<Record<string, string>> = {
  '>': 'partials such as {{> name}} do not exist here',
  '=': 'changing the delimiters is not supported',
};

/** What is wrong with a template, or `undefined`. In HTML a value is always escaped: a customer's name must not become markup. */
export function templateProblem(template: string, kind: 'text' | 'html'): string | undefined {
  try {
    const places = kind === 'html' ? placesInHtml(template) : undefined;
    return problemIn(Mustache.parse(template) as unknown as readonly Token[], places);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function problemIn(tokens: readonly Token[], places: ReadonlyMap<number, Place> | undefined): string | undefined {
  for (const [type, value, start, , children] of tokens) {
    const problem = unusable[type];
    if (problem !== undefined) return problem;
    if (type === '&' && places !== undefined) return `{{{${value}}}} would put a value into the page unescaped: write {{${value}}}`;
    if (type === 'name' && places !== undefined && (places.get(start) ?? 'unsafe') === 'unsafe')
      return `{{${value}}} stands in a style, a script, a comment or an element without quotes around it, where no value can be made safe`;
    const inner = Array.isArray(children) ? problemIn(children as readonly Token[], places) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}
