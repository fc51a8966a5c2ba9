import type { FileInput } from '../file.ts';
import { linesOf } from './text.ts';

/** One line of an NDJSON file: a JSON value, or what is wrong with the line. */
export interface Document {
  readonly lines: readonly number[];
  readonly raw: string;
  readonly value?: unknown;
  readonly problem?: string;
}

/** The documents of an NDJSON file, which is UTF-8 by definition. Empty lines are passed over. */
export async function* documents(file: FileInput): AsyncIterable<Document> {
  for await (const block of linesOf(file, 'utf-8')) {
    for (const { number, text, problem } of block) {
      if (problem !== undefined) yield { lines: [number], raw: text, problem };
      else if (text.trim() !== '') yield { lines: [number], raw: text, ...parsed(text) };
    }
  }
}

function parsed(text: string): { value: unknown } | { problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `not JSON: ${(error as Error).message}` };
  }
}

/** Whether the file holds JSON documents: its first character says so. */
export async function isNdjson(file: FileInput): Promise<boolean> {
  for await (const block of linesOf(file, 'utf-8')) {
    const first = block.find(({ text }) => text.trim() !== '');
    if (first) return first.text.trimStart().startsWith('{');
  }
  return false;
}
