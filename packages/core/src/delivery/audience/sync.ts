import type { Recipient } from '@enishi/plugin-sdk';
import type { Workspace } from '../../access/workspace.ts';
import type { Database } from '../../db/database.ts';
import { nilId } from '../../db/nil-id.ts';
import { statement } from '../../db/sql.ts';
import { AudienceNotReplaced, ProgramNotFound, UnknownDestination } from '../../errors.ts';
import { inTime } from '../../plugin/in-time.ts';
import { pluginOf } from '../desk.ts';
import type { Previews } from '../program/preview.ts';
import { readMessage } from '../program/program.ts';
import { loadProgram } from '../program/program-store.ts';
import { type StoredTraits, valuesOf } from '../trait-values.ts';
import type { Audience } from './audience.ts';
import { followAudiences } from './follow.ts';
import { replacing } from './replacing.ts';

// Marked as held before they are told: whoever takes consent back meanwhile is taken out afterwards.
const page = statement(
  'delivery.audience-page',
  `with next as (
    select m.destination_id, m.audience, m.customer_id, c.id, c.traits, reach.identifiers
    from audience_member m
    join destination t on t.workspace_id = $1 and t.id = m.destination_id
    join identity f on f.workspace_id = $1 and f.id = m.customer_id
    join customer c on c.workspace_id = $1 and c.id = f.customer_id
    cross join lateral (
      select jsonb_object_agg(namespace, found) as identifiers from (
        select i.namespace, jsonb_agg(i.value order by i.created_at desc, i.id) as found
        from identity i where i.workspace_id = $1 and i.customer_id = c.id group by i.namespace
      ) by_namespace
    ) reach
    where m.workspace_id = $1 and m.destination_id = $2 and m.audience = $3 and m.wanted and m.customer_id > $4
      and consent_refusal(c.consents, t.purpose, t.channel) is null
    order by m.customer_id limit $5
  ), held as (
    update audience_member m set held = true, identifiers = next.identifiers from next
    where m.workspace_id = $1 and m.destination_id = next.destination_id and m.audience = next.audience and m.customer_id = next.customer_id
  )
  select customer_id as "memberId", id, traits, identifiers from next order by customer_id`,
);

interface Member {
  readonly memberId: string;
  readonly id: string;
  readonly traits: StoredTraits;
  readonly identifiers: Recipient['identifiers'];
}

const pageSize = 500;
const hour = 3600;

/**
 * Makes the partner's audience of a program exactly those who are in its segment and have agreed, by the destination's
 * `replace`. Answers how many those are. Changes of the audience wait meanwhile and are sent afterwards.
 * Throws ProgramNotFound, UnknownDestination, InvalidMessage, AudienceNotReplaced.
 */
export async function syncAudience(
  { database, destinations, desks }: Previews,
  workspace: Pick<Workspace, 'id' | 'key'>,
  { program: key, now = () => new Date() }: { readonly program: string; readonly now?: () => Date },
): Promise<number> {
  const program = await loadProgram(database, workspace.id, key);
  if (program === undefined) throw new ProgramNotFound(key);
  const destination = destinations.get(program.destination);
  if (destination === undefined) throw new UnknownDestination(program.destination);
  if (destination.kind !== 'audience' || destination.replace === undefined)
    throw new AudienceNotReplaced(`"${program.destination}" cannot replace an audience`);
  const { replace } = destination;
  const message = readMessage(destination, program.message);
  const plugin = pluginOf(program.destination);
  const request = { workspaceId: workspace.id, destination: program.destination, message: program.message, now };
  return replacing(database, request, async (audience, stillOurs) => {
    await database.transaction(workspace.id, (sql) => followAudiences(sql, workspace.id, { now: now() }));
    let people = 0;
    const everybody = async function* (): AsyncGenerator<Recipient> {
      for await (const page of pagesOf(database, workspace.id, audience)) {
        await stillOurs();
        people += page.length;
        yield* page;
      }
    };
    try {
      await inTime({ seconds: hour }, (signal) => replace(message as never, everybody(), desks.of(plugin, workspace, signal)));
      return people;
    } catch (error) {
      throw new AudienceNotReplaced(desks.redacted(plugin, error instanceof Error ? error.message : String(error)));
    }
  });
}

async function* pagesOf(database: Database, workspaceId: number, { destinationId, audience }: Audience): AsyncGenerator<Recipient[]> {
  for (let after = nilId; ; ) {
    const rows: Member[] = await database.query<Member>(workspaceId, page, [workspaceId, destinationId, audience, after, pageSize]);
    yield rows.map(({ id, identifiers, traits }) => ({
      id,
      identifiers,
      traits: valuesOf(traits),
    }));
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = last.memberId;
  }
}
