import { line, type Message, message } from '@enishi/plugin-line';
import type { AccountLinkSource, AudienceDestination, Draft, MessageDestination, Parts, WebhookSource } from '@enishi/plugin-sdk';
import { createDesk, type DeskOptions, deliveryNumber, type TestDesk } from '@enishi/testkit';
import { type FakeLine, userNumber } from './line.ts';

const host = { urlOf: (source: string) => `https://cdp.example/hooks/line/${source}` };

export const partsOf = (settings: Parameters<typeof line>[0]): Parts => line(settings).setup(host);

/** A desk that reaches the fake LINE and nothing else. */
export const deskFor = ({ api, data }: Pick<FakeLine, 'api' | 'data'>, over: DeskOptions = {}): TestDesk =>
  createDesk({ hosts: [api.host, data.host], ...over });

export function hookOf(settings: Parameters<typeof line>[0]): WebhookSource {
  const source = partsOf(settings).sources?.webhook;
  if (source?.kind !== 'webhook') throw new Error('no webhook');
  return source;
}

export function linkOf(settings: Parameters<typeof line>[0], name: 'account-link' | 'login'): AccountLinkSource {
  const source = partsOf(settings).sources?.[name];
  if (source?.kind !== 'account-link') throw new Error(`no ${name}`);
  return source;
}

export function messagesOf(settings: Parameters<typeof line>[0]): MessageDestination {
  const found = partsOf(settings).destinations?.message;
  if (found?.kind !== 'message') throw new Error('no destination for messages');
  return found;
}

export function audiencesOf(settings: Parameters<typeof line>[0]): AudienceDestination {
  const found = partsOf(settings).destinations?.audience;
  if (found?.kind !== 'audience') throw new Error('no destination for audiences');
  return found;
}

/** What the webhook makes of some events. */
export const received = async (hook: WebhookSource, events: readonly object[], desk: TestDesk): Promise<readonly Draft[]> => {
  const body = hook.body.parse({ destination: userNumber(0), events });
  return hook.receive(body, { method: 'POST', path: '/hooks/line/webhook', query: {}, headers: {}, body: new Uint8Array() }, desk);
};

export const textMessage = (text: string, over: Partial<Message> = {}): Message =>
  message.parse({ messages: [{ type: 'text', text }], ...over });

/** Delivery number `n`, to LINE user number `n`. */
export const deliveryTo = (n: number, what: Message, over: { traits?: Record<string, unknown>; attempt?: number; user?: string } = {}) => {
  const { traits = {}, attempt = 1, user = userNumber(n) } = over;
  return deliveryNumber(n, what, { attempt, recipient: { id: `customer-${n}`, identifiers: { 'line.user': [user] }, traits } }) as never;
};
