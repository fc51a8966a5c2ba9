import { z } from 'zod';
import type { Parameters } from './graph.ts';

/** Ids come as texts and as numbers. */
export const graphId = z.union([z.string().min(1), z.number()]).transform(String);

/** A page of a list. */
export const pageOf = <TItem extends z.ZodType>(item: TItem) =>
  z.object({ data: z.array(item).default([]), paging: z.looseObject({ next: z.string().optional() }).optional() });

const ours = new Set(['access_token', 'appsecret_proof']);

/**
 * Where the next page begins: the parameters of `paging.next`, or `undefined` at the end. Only they are kept, so the token
 * in that address is stored nowhere and what is called stays the address in the settings.
 */
export function nextOf(paging: { readonly next?: string | undefined } | undefined): Parameters | undefined {
  if (paging?.next === undefined || !URL.canParse(paging.next)) return undefined;
  return Object.fromEntries([...new URL(paging.next).searchParams].filter(([name]) => !ours.has(name)));
}
