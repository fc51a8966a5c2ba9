/** Where in a page a value is to stand; each place needs its own cleaning. */
export type Place = 'text' | 'address' | 'part of an address' | 'unsafe';

const addressAttributes = new Set(['href', 'src', 'action', 'background', 'cite', 'formaction', 'poster', 'data', 'xlink:href']);
const tag = /\{\{\{?[^{}]{0,500}\}?\}\}/g;
const tagAtStart = new RegExp(`^${tag.source}`);
const rawText = /^<(script|style|textarea|title|xmp|iframe|noembed|noframes|plaintext)\b/i;

/**
 * The places of all template tags of a page, by the position of their first brace. A tag between the attributes of an
 * element, in a value without quotes, in a style or a script is in no place where a value could be made safe.
 */
export function placesInHtml(html: string): ReadonlyMap<number, Place> {
  const places = new Map<number, Place>();
  let at = 0;
  while (at < html.length) {
    at += html.slice(at).search(/<|\{\{|$/);
    const rest = html.slice(at, at + 20);
    if (rest.startsWith('{{')) at = note(html, at, { places, place: 'text' });
    // Outlook reads what stands in a conditional comment, so it is looked at like the rest.
    else if (rest.startsWith('<!--[if')) at = after(html, ']>', at);
    else if (rest.startsWith('<!--')) at = comment(html, at, places);
    else if (rest.startsWith('<!')) at = after(html, '>', at);
    else if (/^<\/?[a-z]/i.test(rest)) at = element(html, at, places);
    else at += 1;
  }
  return places;
}

/** In plain text a value behind the beginning of an address belongs to it. */
export function placesInText(text: string): ReadonlyMap<number, Place> {
  const places = new Map<number, Place>();
  for (const match of text.matchAll(tag)) {
    const before = text.slice(Math.max(0, match.index - 2000), match.index).replaceAll(tag, '');
    places.set(match.index, /https?:\/\/[\x21-\x7e]*$/i.test(before) ? 'part of an address' : 'text');
  }
  return places;
}

interface Noting {
  readonly places: Map<number, Place>;
  readonly place: Place;
}

function note(html: string, at: number, { places, place }: Noting): number {
  places.set(at, place);
  return at + (tagAtStart.exec(html.slice(at, at + 510))?.[0].length ?? 2);
}

const after = (html: string, sign: string, from: number): number => {
  const found = html.indexOf(sign, from);
  return found < 0 ? html.length : found + sign.length;
};

function comment(html: string, from: number, places: Map<number, Place>): number {
  const end = after(html, '-->', from);
  return region(html, { from, end }, { places, place: 'unsafe' });
}

/** Notes every tag between two positions as being in the same place. */
function region(html: string, { from, end }: { from: number; end: number }, noting: Noting): number {
  for (let at = html.indexOf('{{', from); at >= 0 && at < end; at = html.indexOf('{{', at)) at = note(html, at, noting);
  return end;
}

const name = /^[^\s"'<>/={]+/;

/** Walks through one element's opening or closing tag, and through its content where that is no HTML. */
function element(html: string, start: number, places: Map<number, Place>): number {
  const [, raw] = rawText.exec(html.slice(start, start + 20)) ?? [];
  let at = start + 1;
  let attribute = '';
  while (at < html.length && html[at] !== '>') {
    const sign = html[at] ?? '';
    if (html.startsWith('{{', at)) at = note(html, at, { places, place: 'unsafe' });
    else if (sign === '"' || sign === "'") {
      at = quoted(html, at, { attribute, places });
      attribute = '';
    } else {
      const [found] = name.exec(html.slice(at, at + 100)) ?? [];
      if (found !== undefined) attribute = found.toLowerCase();
      at += found?.length ?? 1;
    }
  }
  at += 1;
  if (raw === undefined) return at;
  const close = html.slice(at).search(new RegExp(`</${raw}`, 'i'));
  const end = close < 0 ? html.length : at + close;
  return region(html, { from: at, end }, { places, place: /^(title|textarea)$/i.test(raw) ? 'text' : 'unsafe' });
}

function quoted(html: string, from: number, { attribute, places }: { attribute: string; places: Map<number, Place> }): number {
  const quote = html[from] ?? '"';
  let at = from + 1;
  let before = '';
  while (at < html.length && html[at] !== quote) {
    if (html.startsWith('{{', at)) at = note(html, at, { places, place: placeIn(attribute, before) });
    else {
      before += html[at];
      at += 1;
    }
  }
  return at + 1;
}

function placeIn(attribute: string, before: string): Place {
  if (attribute === '' || attribute === 'style' || attribute === 'srcdoc' || attribute.startsWith('on')) return 'unsafe';
  if (!addressAttributes.has(attribute)) return 'text';
  return before.trim() === '' ? 'address' : 'part of an address';
}
