import type { Delivery, Host, Outcome, Pageful, Parts, Plugin, RawRequest } from '@enishi/plugin-sdk';
import { createDesk, type TestDesk } from './desk.ts';
import { type Taken, takeCall } from './taking.ts';

const host: Host = { urlOf: (source) => `https://cdp.example/hooks/plugin/${source}` };

const partsOf = (plugin: Plugin): Parts => plugin.setup(host);

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

/** Calls a webhook as the host does, the proof first: `await callerOf(plugin, 'answers')(sign(rawRequest({ json })))`. */
export function callerOf(plugin: Plugin, name: string): (request: RawRequest, desk?: TestDesk) => Promise<Taken> {
  const source = partsOf(plugin).sources?.[name];
  if (source?.kind !== 'webhook') throw new Error(`Plugin "${plugin.name}" has no webhook "${name}".`);
  return (request, desk = deskOf(plugin)) => takeCall(source, request, desk);
}

/** Reads a page of a poll: `await readerOf(plugin, 'orders')(cursor)`; `undefined` is the very first. */
export function readerOf(plugin: Plugin, name: string): (cursor: unknown, desk?: TestDesk) => Promise<Pageful<unknown>> {
  const source = partsOf(plugin).sources?.[name];
  if (source?.kind !== 'poll') throw new Error(`Plugin "${plugin.name}" has no poll "${name}".`);
  return (cursor, desk = deskOf(plugin)) => source.read((cursor === undefined ? cursor : source.cursor.parse(cursor)) as never, desk);
}
