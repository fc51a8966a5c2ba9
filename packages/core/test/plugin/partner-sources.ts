import { backfill, poll, webhook } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { visit } from './world.ts';

const page = z.object({ next: z.int() });
const answer = z.object({ ids: z.array(z.string()), more: z.boolean() });

/** Sources of a partner that is asked by HTTP, for everything they have to know. */
export function partnerSources(partner: string) {
  const ask = async (path: string): Promise<z.output<typeof answer>> => answer.parse(await (await fetch(`${partner}${path}`)).json());
  const read = async (kind: string, cursor: z.output<typeof page> | undefined) => {
    const next = cursor?.next ?? 0;
    const { ids, more } = await ask(`/${kind}/${next}`);
    return { drafts: ids.map((id) => visit(id, id)), cursor: { next: next + 1 }, more };
  };
  return {
    calls: webhook({
      description: 'Ids to fetch.',
      body: z.object({ id: z.string() }),
      verify: () => true,
      work: 'later',
      receive: async ({ id }) => (await ask(`/call/${id}`)).ids.map((one) => visit(one, one)),
    }),
    visits: poll({ description: 'Visits.', cursor: page, everySeconds: 60, read: (cursor) => read('page', cursor) }),
    history: backfill({
      description: 'History.',
      options: z.object({}),
      cursor: page,
      read: (_options, cursor) => read('history', cursor),
    }),
  };
}
