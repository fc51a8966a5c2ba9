import type { Desk, Draft } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { mostFriends } from '../events/history.ts';
import { listFriends, mutual } from '../friends.ts';
import type { Parameters } from '../graph/graph.ts';
import { graphId, nextOf, pageOf } from '../graph/page.ts';
import type { Reading } from './likes.ts';

const friend = z.looseObject({ id: graphId });

/** All friends who use the app; kept are those who permit to be known as friends, as this person does. */
export async function readFriends({ graph, token, user }: Reading, { desk, at }: { desk: Desk; at: Date }): Promise<Draft[]> {
  const found: string[] = [];
  let next: Parameters | undefined = {};
  while (next !== undefined && found.length < mostFriends) {
    const page: { data: { id: string }[]; paging?: { next?: string | undefined } | undefined } = await graph.get(
      'me/friends',
      pageOf(friend),
      {
        fields: 'id',
        limit: '500',
        ...next,
        access_token: token,
      },
    );
    found.push(...page.data.map(({ id }) => id));
    next = nextOf(page.paging);
  }
  return listFriends(desk, { user, at, cause: at.toISOString() }, await mutual(desk, found));
}
