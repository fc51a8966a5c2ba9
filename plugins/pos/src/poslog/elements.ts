import { TextDecoder } from 'node:util';
import { type FileInput, UnusableFile } from '@enishi/plugin-sdk';
import { SaxesParser } from 'saxes';

/** An element with its local name: every till puts another prefix in front. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
  readonly line: number;
}

/** What stands in the file: an element that was asked for, or why nothing after this line can be read. */
export type Found = { readonly element: Element; readonly lastLine: number } | { readonly broken: string; readonly line: number };

/** More than any receipt holds: a file without its end tags is not gathered in memory. */
const mostNodes = 100_000;
const deepest = 50;

/**
 * The elements of one name, one after the other; only the open one is in memory. A document type is refused before anything in it
 * is looked at: with it come entities that grow without bound or read files of this machine.
 */
export async function* elements(file: FileInput, name: string): AsyncIterable<Found> {
  const parser = new SaxesParser();
  const found: Found[] = [];
  const open: Element[] = [];
  let nodes = 0;
  const refuse = (why: string): never => {
    throw new Broken(why);
  };
  parser.on('doctype', () => {
    throw new UnusableFile('it has a document type (<!DOCTYPE>), which is not read');
  });
  parser.on('error', (error) => refuse(error.message));
  parser.on('opentag', (tag) => {
    const local = localName(tag.name);
    if (open.length === 0 && local !== name) return;
    nodes += 1;
    if (nodes > mostNodes || open.length > deepest) refuse(`a ${name} without an end`);
    const element = { name: local, attributes: tag.attributes, children: [], text: '', line: parser.line };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const append = (text: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', () => {
    const element = open.pop();
    if (element === undefined || open.length > 0) return;
    found.push({ element, lastLine: parser.line });
    nodes = 0;
  });
  try {
    for await (const text of textOf(file)) {
      parser.write(text);
      yield* found.splice(0);
    }
    parser.close();
    yield* found.splice(0);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    yield* found.splice(0);
    yield { broken: error.message, line: parser.line };
  }
}

/** The file stops being readable here; what stood before it counts. */
class Broken extends Error {
  override readonly name = 'Broken';
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Windows calls its Japanese encoding by names of its own. */
const otherNames: Readonly<Record<string, string>> = { cp932: 'shift_jis', ms932: 'shift_jis', 'windows-932': 'shift_jis' };

async function* textOf(file: FileInput): AsyncIterable<string> {
  let decoder: TextDecoder | undefined;
  for await (const bytes of file.open()) {
    if (decoder === undefined) {
      const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1');
      if (/<!DOCTYPE/i.test(head)) throw new UnusableFile('it has a document type (<!DOCTYPE>), which is not read');
      decoder = decoderFor(bytes, head);
    }
    yield decoded(decoder, bytes);
  }
  if (decoder !== undefined) yield decoded(decoder);
}

function decoderFor(bytes: Uint8Array, head: string): TextDecoder {
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([\w-]+)["']/.exec(head)?.[1]?.toLowerCase() ?? 'utf-8';
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : declared;
  try {
    return new TextDecoder(otherNames[marked] ?? marked, { fatal: true });
  } catch {
    throw new UnusableFile(`its encoding "${marked}" is none this reads`);
  }
}

function decoded(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    throw new Broken(`bytes that are no ${decoder.encoding} text`);
  }
}
