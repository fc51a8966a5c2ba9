import type { Delivery, Draft, Outcome, Pageful, Parts, Plugin, RawRequest, Source } from '@enishi/plugin-sdk';
import { createDesk, type TestDesk } from './desk.ts';
import { type Taken, takeCall } from './taking.ts';

const partsOf = (plugin: Plugin): Parts => plugin.setup({ urlOf: (source) => `https://cdp.example/hooks/${plugin.name}/${source}` });

const deskOf = ({ hosts }: Plugin): TestDesk => createDesk({ hosts });

/** Sends by a destination for messages: `await senderOf(plugin, 'message')([deliveryNumber(1, { text: 'hi' })])`. The message is checked first. */
export function senderOf(plugin: Plugin, name: string): (deliveries: readonly Delivery[], desk?: TestDesk) => Promise<readonly Outcome[]> {
  const destination = partsOf(plugin).destinations?.[name];
  if (destination?.kind !== 'message') throw new Error(`Plugin "${plugin.name}" has no destination "${name}" for messages.`);
  return async (deliveries, desk = deskOf(plugin)) => {
    const shaped = deliveries.map((delivery) => ({ ...delivery, message: destination.message.parse(delivery.message) as never }));
    return destination.send(shaped, desk);
  };
}

/** A source of this kind: `sourceOf(plugin, 'login', 'account-link').depart(departure, desk)`. */
export function sourceOf<TKind extends Source['kind']>(plugin: Plugin, name: string, kind: TKind): Extract<Source, { kind: TKind }> {
  const source = partsOf(plugin).sources?.[name];
  if (source?.kind !== kind) throw new Error(`Plugin "${plugin.name}" has no ${kind} "${name}".`);
  return source as Extract<Source, { kind: TKind }>;
}

/** Calls a webhook as the host does, the proof first: `await callerOf(plugin, 'answers')(sign(rawRequest({ json })))`. */
export function callerOf(plugin: Plugin, name: string): (request: RawRequest, desk?: TestDesk) => Promise<Taken> {
  const source = sourceOf(plugin, name, 'webhook');
  return (request, desk = deskOf(plugin)) => takeCall(source, request, desk);
}

/** Reads a page of a poll: `await readerOf(plugin, 'orders')(cursor)`; `undefined` is the very first. */
export function readerOf(plugin: Plugin, name: string): (cursor: unknown, desk?: TestDesk) => Promise<Pageful<unknown>> {
  const source = sourceOf(plugin, name, 'poll');
  return (cursor, desk = deskOf(plugin)) => source.read((cursor === undefined ? cursor : source.cursor.parse(cursor)) as never, desk);
}

/** Reads all pages of a backfill, each cursor as it comes back from the database: `await backfillReaderOf(plugin, 'history')({ user })`. */
export function backfillReaderOf(plugin: Plugin, name: string): (options: unknown, desk?: TestDesk) => Promise<Draft[]> {
  const source = sourceOf(plugin, name, 'backfill');
  return async (options, desk = deskOf(plugin)) => {
    const drafts: Draft[] = [];
    let page: Pageful<unknown> | undefined;
    do {
      const cursor = page && source.cursor.parse(JSON.parse(JSON.stringify(page.cursor)));
      page = await source.read(source.options.parse(options) as never, cursor as never, desk);
      drafts.push(...page.drafts);
    } while (page.more);
    return drafts;
  };
}
