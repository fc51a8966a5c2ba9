import Mustache from 'mustache';

type Values = Readonly<Record<string, unknown>>;
interface Branch {
  [name: string]: unknown;
}

const writer = new Mustache.Writer();

/** Lists read as a text; what has none reads as nothing: "[object Object]" never reaches anybody. */
const plain = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(plain).filter(Boolean).join(', ');
  return value === null || typeof value === 'object' || typeof value === 'function' ? '' : String(value);
};

// In an address or in postback data a value is one value: it can neither add a parameter nor lead elsewhere.
const encoded = (value: unknown): string => encodeURIComponent(plain(value));
const addresses = new Set(['uri', 'url', 'originalContentUrl', 'previewImageUrl', 'previewUrl', 'imageUrl', 'iconUrl', 'desktop', 'data']);

/** Traits as a template names them: `ec.favourite` is reached by `{{ec.favourite}}`; an empty value gives way to its fallback. */
export function viewOf(traits: Values, fallbacks: Values): Values {
  const view = branch();
  for (const [name, value] of [...Object.entries(fallbacks), ...Object.entries(traits)])
    if (value !== undefined && value !== null && value !== '') place(view, name.split('.'), value);
  return view;
}

// Without a prototype, so that `{{constructor}}` names nothing.
const branch = (): Branch => Object.create(null) as Branch;
const isBranch = (value: unknown): value is Branch => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;

function place(into: Branch, [head = '', ...rest]: readonly string[], value: unknown): void {
  const held = into[head];
  if (rest.length === 0) into[head] = isBranch(held) ? held : value;
  else {
    const deeper = isBranch(held) ? held : branch();
    into[head] = deeper;
    place(deeper, rest, value);
  }
}

/** Renders each text inside a message. The JSON itself is never a template, so no value can change a message's make. */
export function render<TContent>(content: TContent, view: Values, key?: string): TContent;
export function render(content: unknown, view: Values, key = ''): unknown {
  if (typeof content === 'string') {
    const written = addresses.has(key) ? encoded : plain;
    return content.includes('{{') ? writer.render(content, view, {}, { escape: written }) : content;
  }
  if (Array.isArray(content)) return content.map((each) => render(each, view, key));
  if (typeof content !== 'object' || content === null) return content;
  return Object.fromEntries(Object.entries(content).map(([name, value]) => [name, render(value, view, name)]));
}

/** What is wrong with a template, or `undefined`. */
export function templateProblem(template: string): string | undefined {
  try {
    return problemIn(Mustache.parse(template) as unknown as readonly Token[]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

type Token = readonly [type: string, value: string, start: number, end: number, children?: unknown];

function problemIn(tokens: readonly Token[]): string | undefined {
  for (const [type, value, , , children] of tokens) {
    if (type === '>' || type === '=') return `partials and other delimiters do not exist here: ${value}`;
    if (type === '&') return `{{{${value}}}} would leave a value unescaped: write {{${value}}}`;
    const inner = Array.isArray(children) ? problemIn(children as readonly Token[]) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}
