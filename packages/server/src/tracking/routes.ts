import type { Receipt } from '@enishi/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../http/app.ts';
import { decodeLoosely, decodeUtf8, inflateBody, rawBody } from '../http/body.ts';
import { Refusal } from '../http/errors.ts';
import type { Intake } from '../intake.ts';
import { inOrder, sortBatch } from './batch.ts';
import { callerOf } from './caller.ts';
import { type Message, type MessageType, submissionOf } from './message.ts';

/** Browser clients post to the one-letter names. */
const paths: Readonly<Record<MessageType | 'batch', readonly string[]>> = {
  identify: ['identify', 'i'],
  track: ['track', 't'],
  page: ['page', 'p'],
  screen: ['screen', 's'],
  group: ['group', 'g'],
  alias: ['alias', 'a'],
  batch: ['batch', 'b'],
};

interface TrackingAnswer {
  readonly success: boolean;
  /** One per event, in the order of the request. */
  readonly receipts: readonly Receipt[];
}

/**
 * The HTTP tracking API as the Segment and RudderStack clients speak it. Clients drop their data on 400 and keep it on 429 and
 * 5xx, so 400 is answered only to what no retry can mend.
 */
export function mountTracking(app: App, intake: Intake): void {
  app.register(async (routes) => {
    // RudderStack labels its gzipped JSON as a form, browsers' beacons call theirs text: the label is not looked at.
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser('*', rawBody, (_request, body, done) => done(null, body));
    for (const [type, names] of Object.entries(paths))
      for (const name of names)
        routes.post(`/v1/${name}`, (request: FastifyRequest, reply: FastifyReply) => receive({ request, reply, type, intake }));
  });
}

interface Reception {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly type: string;
  readonly intake: Intake;
}

async function receive({ request, reply, type, intake }: Reception): Promise<TrackingAnswer> {
  const receivedAt = intake.now();
  const { limits } = intake.config;
  const bytes = await inflateBody(
    request.body instanceof Buffer ? request.body : Buffer.alloc(0),
    request.headers['content-encoding'],
    limits.requestBytes,
  );
  const { body, lossy } = parse(bytes, type);
  const caller = await callerOf(intake.database, request, body.writeKey);
  const items = type === 'batch' ? body.batch : [body];
  if (!Array.isArray(items) || items.length === 0)
    throw new Refusal(400, 'EMPTY_BATCH', { message: 'Send {"batch": [ … ]} with at least one event.' });
  const sorted = sortBatch(items, type === 'batch' ? body : {}, { ...limits, lossy });
  const submissions = sorted.messages.map(({ message }) =>
    submissionOf(message, type === 'batch' ? String(message.type ?? '') : type, {
      registry: intake.registry,
      receivedAt,
      sentAt: body.sentAt,
    }),
  );
  const source = caller.source === 'api' ? 'tracking' : caller.source;
  const receipts = inOrder(sorted, await intake.accept(caller.workspace, source, submissions));
  const success = receipts.some(({ status }) => status !== 'REJECTED');
  reply.code(success ? 200 : 400);
  return { success, receipts };
}

/** A single message must be clean; in a batch the broken one is told from its neighbours later. */
function parse(bytes: Buffer, type: string): { body: Message; lossy: boolean } {
  const exact = decodeUtf8(bytes);
  const text = exact ?? (type === 'batch' ? decodeLoosely(bytes) : undefined);
  if (text === undefined) throw new Refusal(400, 'INVALID_UTF8', { message: 'The body is not valid UTF-8.' });
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new Refusal(400, 'INVALID_JSON', { message: `The body is not JSON: ${error instanceof Error ? brief(error.message) : ''}` });
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Refusal(400, 'INVALID_JSON', { message: 'The body is not a JSON object.' });
  return { body: body as Message, lossy: exact === undefined };
}

/** V8 quotes the text it could not read, which may be somebody's data. */
const brief = (message: string): string => message.replace(/,? ?"[\s\S]*$/, '').replace(/\.\.\..*$/s, '');
