import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { id, text } from './fields.ts';

const onPage = { page_id: id, post_id: id.optional(), comment_id: id.optional(), parent_id: id.optional() };

export const commentMade = event('facebook.comment_made', z.looseObject({ ...onPage, verb: text, message: text.optional() }), {
  description: 'Somebody commented on a post of the page, or edited the comment: see `verb`.',
});

export const reactionMade = event('facebook.reaction_made', z.looseObject({ ...onPage, reaction_type: text }), {
  description: 'Somebody reacted to a post or comment of the page: `like`, `love`, `haha`, `wow`, `sad`, `angry`, ...',
});

export const pagePosted = event('facebook.page_posted', z.looseObject({ ...onPage, item: text, verb: text, message: text.optional() }), {
  description: 'Somebody posted to the page or shared a post of it; `item` says what: `post`, `photo`, `share`, ...',
});

export const engagementRemoved = event('facebook.engagement_removed', z.looseObject({ ...onPage, item: text, verb: text }), {
  description: 'A comment, reaction or post on the page was taken back or hidden; `item` says which.',
});
