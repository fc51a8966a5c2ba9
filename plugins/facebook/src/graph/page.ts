import type { Log } from '@enishi/plugin-sdk';
import { z } from 'zod';
import type { Parameters } from './graph.ts';

/** Ids come as texts and as numbers. */
export const graphId = z.union([z.string().min(1), z.number()]).transform(String);

/** A page of a list; its items are looked at one by one. */
export const page = z.object({ data: z.array(z.unknown()).default([]), paging: z.looseObject({ next: z.string().optional() }).optional() });

/** The items that can be read. One odd like of ten years ago must not hide the others of its page. */
export function readable<TItem>(data: readonly unknown[], shape: z.ZodType<TItem>, log: Log): TItem[] {
  return data.flatMap((each) => {
    const found = shape.safeParse(each);
    if (found.success) return [found.data];
    log.warn('An item that Facebook sent cannot be read.', { reason: z.prettifyError(found.error) });
    return [];
  });
}

const ours = new Set(['access_token', 'appsecret_proof']);

/**
 * Where the next page begins: the parameters of `paging.next`, or `undefined` at the end. Only they are kept, so the token
 * in that address is stored nowhere and what is called stays the address in the settings.
 */
export function nextOf(paging: { readonly next?: string | undefined } | undefined): Parameters | undefined {
  if (paging?.next === undefined || !URL.canParse(paging.next)) return undefined;
  return Object.fromEntries([...new URL(paging.next).searchParams].filter(([name]) => !ours.has(name)));
}
