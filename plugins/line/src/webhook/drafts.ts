import type { Draft, EventDraft } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { givenByFollowing, withdrawnByBlocking } from '../consent.ts';
import * as events from '../events.ts';
import { friend } from '../person.ts';
import type { Settings } from '../settings.ts';
import type { LineEvent } from './body.ts';
import { messageDraft } from './message.ts';

/** What every draft of an event begins with. */
export type Base = Pick<EventDraft<never>, 'id' | 'at' | 'identifiers' | 'context'>;
export type Reading = Pick<Settings, 'follow' | 'messages'>;

export const baseOf = ({ webhookEventId, timestamp, mode, source }: LineEvent, userId: string): Base => ({
  id: webhookEventId,
  at: new Date(timestamp),
  identifiers: { 'line.user': userId },
  context: { mode, ...(source?.groupId ? { group: source.groupId } : {}), ...(source?.roomId ? { room: source.roomId } : {}) },
});

/** One kind of event: its shape, and the drafts it makes. */
interface Kind {
  readonly read: (event: LineEvent, base: Base, reading: Reading) => Draft | undefined;
}

const kind = <TShape extends z.ZodType>(shape: TShape, draft: (event: z.output<TShape>, base: Base, reading: Reading) => Draft): Kind => ({
  read: (event, base, reading) => {
    const known = shape.safeParse(event);
    return known.success ? draft(known.data, base, reading) : undefined;
  },
});

const evidenceOf = (what: string, { id, at }: Base) => ({ kind: what, webhookEventId: id, at: at.toISOString() });

const kinds: Readonly<Record<string, Kind>> = {
  follow: kind(z.object({ follow: z.object({ isUnblocked: z.boolean() }) }), ({ follow: { isUnblocked } }, base, { follow }) =>
    events.followed({
      ...base,
      properties: { unblocked: isUnblocked },
      traits: [friend(true)],
      consents: givenByFollowing({ ...follow, evidence: { ...evidenceOf('line-follow', base), unblocked: isUnblocked } }),
    }),
  ),
  unfollow: kind(z.object({}), (_event, base, { follow }) =>
    events.unfollowed({
      ...base,
      properties: {},
      traits: [friend(false)],
      consents: withdrawnByBlocking({ ...follow, evidence: evidenceOf('line-unfollow', base) }),
    }),
  ),
  message: kind(z.object({ message: z.looseObject({ id: z.string(), type: z.string() }) }), ({ message }, base, { messages }) =>
    messageDraft(message, base, messages),
  ),
  unsend: kind(z.object({ unsend: z.object({ messageId: z.string() }) }), ({ unsend }, base) =>
    events.messageUnsent({ ...base, properties: { messageId: unsend.messageId } }),
  ),
  postback: kind(
    z.object({ postback: z.object({ data: z.string(), params: z.record(z.string(), z.string()).default({}) }) }),
    ({ postback: { data, params } }, base) =>
      events.postbackReceived({ ...base, properties: { data, params, fields: Object.fromEntries(new URLSearchParams(data)) } }),
  ),
  beacon: kind(
    z.object({ beacon: z.object({ hwid: z.string(), type: z.string(), dm: z.string().optional() }) }),
    ({ beacon: { hwid, type, dm } }, base) =>
      events.beaconSeen({ ...base, properties: { hardwareId: hwid, kind: type, ...(dm === undefined ? {} : { deviceMessage: dm }) } }),
  ),
  membership: kind(z.object({ membership: z.object({ type: z.string(), membershipId: z.number() }) }), ({ membership }, base) =>
    events.membershipChanged({ ...base, properties: { membershipId: membership.membershipId, change: membership.type } }),
  ),
  videoPlayComplete: kind(z.object({ videoPlayComplete: z.object({ trackingId: z.string() }) }), ({ videoPlayComplete }, base) =>
    events.videoWatched({ ...base, properties: videoPlayComplete }),
  ),
};

/** The draft of an event about one person. A kind without a name of its own, or of another shape than known, is kept as it came. */
export function draftOf(event: LineEvent, base: Base, reading: Reading): Draft {
  return (
    kinds[event.type]?.read(event, base, reading) ?? events.eventReceived({ ...base, properties: { kind: event.type, event: kept(event) } })
  );
}

// Tokens are keys to answer with, not facts.
const kept = (event: LineEvent): Record<string, unknown> =>
  JSON.parse(JSON.stringify(event, (name, value) => (/token$/i.test(name) ? undefined : value)));

const members = z.array(z.looseObject({ userId: z.string() }));
const comings = z.object({ joined: z.object({ members }) });
const goings = z.object({ left: z.object({ members }) });

/** One draft for each who came into a group chat or left it; `undefined` where the event is of another kind. */
export function memberDrafts(event: LineEvent): Draft[] | undefined {
  const group = event.source?.groupId ?? event.source?.roomId ?? '';
  const each = (people: z.output<typeof members>, type: typeof events.groupJoined): Draft[] =>
    people.map(({ userId }) => type({ ...baseOf(event, userId), id: `${event.webhookEventId}/${userId}`, properties: { group } }));
  if (event.type === 'memberJoined') return each(comings.safeParse(event).data?.joined.members ?? [], events.groupJoined);
  if (event.type === 'memberLeft') return each(goings.safeParse(event).data?.left.members ?? [], events.groupLeft);
  return undefined;
}
