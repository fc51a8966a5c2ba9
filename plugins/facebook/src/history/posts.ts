import type { Draft } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { postWritten } from '../events/history.ts';
import type { Parameters } from '../graph/graph.ts';
import { graphId, nextOf, page, readable } from '../graph/page.ts';
import type { Reading } from './likes.ts';

const post = z.looseObject({
  id: graphId,
  created_time: z.string(),
  message: z.string().optional(),
  place: z.looseObject({ name: z.string().optional() }).optional(),
});

const longestMessage = 5000;

/** A page of the person's own posts, newest first. */
export async function readPosts({ graph, token, user, log }: Reading, next: Parameters) {
  const parameters = { fields: 'id,created_time,message,place', limit: '100', ...next, access_token: token };
  const { data, paging } = await graph.get('me/posts', page, parameters);
  const drafts = readable(data, post, log).map(
    ({ id, created_time, message, place }): Draft =>
      postWritten({
        id: `post:${id}`,
        at: new Date(created_time),
        identifiers: { 'facebook.user': user },
        properties: { post_id: id, message: message?.slice(0, longestMessage), place: place?.name },
      }),
  );
  return { drafts, next: nextOf(paging) };
}
