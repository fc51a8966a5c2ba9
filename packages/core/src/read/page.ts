import { EnishiError, InvalidCursor } from '../errors.ts';
import type { Arguments } from './selection.ts';

export const largestPage = 200;
export const defaultPage = 20;

/** A page was asked for in a way that has no answer. */
export class InvalidPage extends EnishiError {
  static readonly code = 'INVALID_PAGE';
  constructor(reason: string) {
    super(InvalidPage.code, `This page cannot be read: ${reason}.`);
  }
}

/** Which part of a list is wanted. `first`/`after` read on from the list's start, `last`/`before` back from its end. */
export interface Page {
  readonly size: number;
  readonly backward: boolean;
  /** The place to go on from: the values the list is ordered by. */
  readonly from: readonly string[] | undefined;
}

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|\+00:00)$/;
const uuidPattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** What a list is ordered by, first to last; the last one is unique. */
export type KeyKind = 'time' | 'uuid';
const patterns: Readonly<Record<KeyKind, RegExp>> = { time: timePattern, uuid: uuidPattern };

export const encodeCursor = (key: readonly string[]): string => Buffer.from(key.join('|')).toString('base64url');

function decodeCursor(cursor: string, kinds: readonly KeyKind[]): string[] {
  const key = Buffer.from(cursor, 'base64url').toString('latin1').split('|');
  const fits = key.length === kinds.length && kinds.every((kind, index) => patterns[kind].test(key[index] ?? ''));
  if (!fits || (kinds[0] === 'time' && Number.isNaN(Date.parse(key[0] ?? '')))) throw new InvalidCursor();
  return key;
}

/** Reads `first`, `after`, `last`, `before` of a field. */
export function pageOf(args: Arguments, kinds: readonly KeyKind[]): Page {
  const { first, last, after, before } = args;
  const backward = last !== undefined && last !== null;
  if (backward && first !== undefined && first !== null) throw new InvalidPage('give first or last, not both');
  if (backward && after) throw new InvalidPage('last goes with before, first with after');
  if (!backward && before) throw new InvalidPage('before goes with last, after with first');
  const size = Number((backward ? last : first) ?? defaultPage);
  if (!Number.isInteger(size) || size < 1 || size > largestPage)
    throw new InvalidPage(`${backward ? 'last' : 'first'} is between 1 and ${largestPage}`);
  const cursor = backward ? before : after;
  return { size, backward, from: typeof cursor === 'string' ? decodeCursor(cursor, kinds) : undefined };
}

/** Reads the size of a plain list, newest or first ones first. */
export function sizeOf({ first }: Arguments, usual = defaultPage): number {
  return pageOf({ first: first ?? usual }, []).size;
}
