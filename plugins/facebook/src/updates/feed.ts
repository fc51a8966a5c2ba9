import type { Draft, EventDraft } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { commentMade, engagementRemoved, pagePosted, reactionMade } from '../events/engagement.ts';
import { graphId } from '../graph/page.ts';
import { type Entry, instant, unreadable } from './envelope.ts';

const feed = z.looseObject({
  item: z.string(),
  verb: z.string().default('add'),
  from: z.looseObject({ id: graphId }).optional(),
  post_id: graphId.optional(),
  comment_id: graphId.optional(),
  parent_id: graphId.optional(),
  reaction_type: z.string().optional(),
  message: z.string().optional(),
  created_time: z.number().optional(),
});

type Feed = z.output<typeof feed>;

const taken = new Set(['remove', 'hide', 'block']);

/** Comments, reactions and posts of people on the page. What the page itself writes, and what comes without a name, is nobody's. */
export const engagementIn = (entry: Entry): Draft[] =>
  entry.changes.flatMap((change) => {
    if (change.field !== 'feed') return [];
    const { data, error } = feed.safeParse(change.value);
    if (data === undefined) return [unreadable('feed', change.value, { entry, error })];
    return data.from === undefined || data.from.id === entry.id ? [] : [toDraft(data, { entry, person: data.from.id })];
  });

function toDraft(value: Feed, { entry, person }: { entry: Entry; person: string }): Draft {
  const { item, verb, post_id, comment_id, parent_id, message } = value;
  const properties = { page_id: entry.id, post_id, comment_id, parent_id, item, verb };
  const common = { id: idOf(value, person), at: whenOf(value, entry), identifiers: { 'facebook.page_user': person } } satisfies Omit<
    EventDraft<unknown>,
    'properties'
  >;
  if (taken.has(verb)) return engagementRemoved({ ...common, properties });
  if (item === 'comment') return commentMade({ ...common, properties: { ...properties, message } });
  if (item === 'reaction' || item === 'like')
    return reactionMade({ ...common, properties: { ...properties, reaction_type: value.reaction_type ?? 'like' } });
  return pagePosted({ ...common, properties: { ...properties, message } });
}

/** There is no id of a delivery: what was done, by whom and when is the same each time it is sent. */
const idOf = ({ item, verb, post_id, comment_id, reaction_type, created_time }: Feed, person: string): string =>
  [item, verb, comment_id ?? post_id, person, reaction_type, created_time]
    .filter((part) => part !== undefined)
    .join(':')
    .slice(0, 200);

const whenOf = ({ created_time }: Feed, { time }: Entry): Date => instant(created_time ?? time ?? 0);
