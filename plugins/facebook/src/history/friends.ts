import type { Desk, Draft } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { mostFriends } from '../events/history.ts';
import { listFriends, mutual } from '../friends.ts';
import type { Parameters } from '../graph/graph.ts';
import { graphId, nextOf, page, readable } from '../graph/page.ts';
import type { Reading } from './likes.ts';

const friend = z.looseObject({ id: graphId });

/** All friends who use the app; kept are those who permit to be known as friends, as this person does. */
export async function readFriends({ graph, token, user, log }: Reading, { desk, at }: { desk: Desk; at: Date }): Promise<Draft[]> {
  const found: string[] = [];
  let next: Parameters | undefined = {};
  while (next !== undefined && found.length < mostFriends) {
    const parameters: Parameters = { fields: 'id', limit: '500', ...next, access_token: token };
    const { data, paging } = await graph.get('me/friends', page, parameters);
    found.push(...readable(data, friend, log).map(({ id }) => id));
    next = nextOf(paging);
  }
  return listFriends(desk, { user, at, cause: at.toISOString() }, await mutual(desk, found));
}
