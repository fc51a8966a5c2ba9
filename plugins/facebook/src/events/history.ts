import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { friends, likesScope, posts } from '../permissions.ts';
import { id, text } from './fields.ts';

export const pageLiked = event('facebook.page_liked', z.looseObject({ page_id: id, name: text.optional(), category: text.optional() }), {
  description: 'Somebody likes a page; when it happened is when they liked it.',
  scope: likesScope,
});

export const likesRead = event(
  'facebook.likes_read',
  z.looseObject({ likes: z.int(), categories: z.array(z.object({ name: text, count: z.int() })) }),
  { description: 'All likes of an account were read; `categories` counts them, the most frequent first.', scope: likesScope },
);

export const postWritten = event(
  'facebook.post_written',
  z.looseObject({ post_id: id, message: text.optional(), place: text.optional() }),
  { description: 'Somebody wrote a post of their own.', scope: posts },
);

/** As many friends as one event can name. Few people have a tenth of this among the customers of one company. */
export const mostFriends = 2000;

export const friendsListed = event('facebook.friends_listed', z.looseObject({ user_id: id, friends: z.array(id).max(mostFriends) }), {
  description: 'The connected friends (their `facebook.user`) who permit to be known as such, as this person does; the newest list counts.',
  scope: friends,
});
