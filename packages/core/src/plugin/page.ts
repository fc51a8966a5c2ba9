import type { Pageful } from '@enishi/plugin-sdk';
import type { z } from 'zod';
import { isStorable } from '../json.ts';

/** What a page may hold: it is stored as one batch. */
export const mostDrafts = 500;

/** A plugin answered a page that cannot be stored; asking again may help only after it has been mended. */
export class WrongPage extends Error {
  override readonly name = 'WrongPage';
}

/** Where to go on: the stored cursor, or `undefined` (from the beginning) where there is none or it no longer has the declared shape. */
export function cursorOf(schema: z.ZodType, stored: unknown): { readonly cursor: unknown; readonly lost: boolean } {
  if (stored === null || stored === undefined) return { cursor: undefined, lost: false };
  const read = schema.safeParse(stored);
  return read.success ? { cursor: read.data, lost: false } : { cursor: undefined, lost: true };
}

/** The page as it can be stored, its cursor as JSON. Throws `WrongPage` with what is wrong. */
export function checkedPage(schema: z.ZodType, page: Partial<Pageful<unknown>> | undefined): Pageful<string> {
  if (!Array.isArray(page?.drafts)) throw new WrongPage('it answered no page');
  const drafts: Pageful<unknown>['drafts'] = page.drafts;
  if (drafts.length > mostDrafts) throw new WrongPage(`its page has ${drafts.length} events; ${mostDrafts} is the most`);
  // The same page may be read again: without an id its events would be counted twice.
  if (drafts.some(({ id }) => id === undefined || id === '')) throw new WrongPage('an event of its page has no id');
  const json = JSON.stringify(page.cursor) as string | undefined;
  // A cursor that cannot be read back would begin anew after each page, for ever.
  if (json === undefined || !isStorable(json) || !schema.safeParse(JSON.parse(json)).success)
    throw new WrongPage('its cursor does not have the declared shape when it is read back from JSON');
  return { drafts, cursor: json, more: page.more === true };
}
