import { createHash } from 'node:crypto';
import type { Draft, Log } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { likesRead, pageLiked } from '../events/history.ts';
import type { Graph, Parameters } from '../graph/graph.ts';
import { graphId, nextOf, page, readable } from '../graph/page.ts';
import { interests } from '../traits.ts';

export interface Reading {
  readonly graph: Graph;
  readonly token: string;
  readonly user: string;
  readonly log: Log;
}

/** How often each category of page was liked. */
export type Counts = Readonly<Record<string, number>>;

const like = z.looseObject({
  id: graphId,
  name: z.string().optional(),
  category: z.string().optional(),
  created_time: z.string().optional(),
});

/** A page of likes, newest first. Without its time a like cannot be placed and is only counted. */
export async function readLikes({ graph, token, user, log }: Reading, next: Parameters) {
  const parameters = { fields: 'id,name,category,created_time', limit: '100', ...next, access_token: token };
  const { data, paging } = await graph.get('me/likes', page, parameters);
  const likes = readable(data, like, log);
  const drafts = likes.flatMap(({ id, name, category, created_time = '' }): Draft[] => {
    const at = new Date(created_time);
    if (Number.isNaN(at.getTime())) return [];
    const properties = { page_id: id, name, category };
    return [pageLiked({ id: `like:${user}:${id}:${at.getTime()}`, at, identifiers: { 'facebook.user': user }, properties })];
  });
  return { drafts, categories: likes.flatMap(({ category }) => category ?? []), next: nextOf(paging) };
}

export function counted(counts: Counts, categories: readonly string[]): Counts {
  const sum = { ...counts };
  for (const category of categories) sum[category] = (Object.hasOwn(sum, category) ? (sum[category] ?? 0) : 0) + 1;
  return sum;
}

const mostInterests = 10;
/** Facebook knows some 1,500 categories; a cursor and an event carry those that say something. */
const mostCategories = 200;

/** What all the likes say together. Told once they are all read: told page by page, the last one would look like the oldest. */
export function interestsOf(user: string, counts: Counts, at: Date): Draft {
  const categories = Object.entries(counts)
    .map(([name, count]) => ({ name, count }))
    .sort((left, right) => right.count - left.count || (left.name < right.name ? -1 : 1));
  // Read twice on one day with one result, it is the same news.
  const result = createHash('sha256').update(JSON.stringify(categories)).digest('hex').slice(0, 16);
  return likesRead({
    id: `likes:${user}:${at.toISOString().slice(0, 10)}:${result}`,
    at,
    identifiers: { 'facebook.user': user },
    properties: { likes: categories.reduce((sum, { count }) => sum + count, 0), categories: categories.slice(0, mostCategories) },
    traits: [interests(categories.slice(0, mostInterests).map(({ name }) => name))],
  });
}
