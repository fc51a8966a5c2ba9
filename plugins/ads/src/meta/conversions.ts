import { type Delivery, type Desk, destination, type MessageDestination, type Outcome } from '@enishi/plugin-sdk';
import type { Telling } from '../person.ts';
import { textOf } from '../reply.ts';
import type { MetaSettings } from '../settings.ts';
import { errorOf } from '../thrown.ts';
import { type Conversion, conversion, eventOf, type MetaEvent } from './event.ts';
import { callGraph } from './graph.ts';

/** Source: Meta, Conversions API, "Using the API". */
const eventsPerCall = 1000;
/** How often one batch may be cut in two to find what Meta refuses; what is not found then waits for the next attempt. */
const mostCalls = 60;

export interface MetaConversions {
  readonly settings: MetaSettings & { readonly conversions: NonNullable<MetaSettings['conversions']> };
  readonly telling: Telling;
  readonly address: readonly [string, ...string[]];
}

/** Events for Meta's Conversions API, beside what the pixel sees: both carry one id, and Meta counts them once. */
export function metaConversions({ settings, telling, address }: MetaConversions): MessageDestination {
  const { dataset, testEventCode, oldestDays } = settings.conversions;
  const { limitedDataUse } = settings;
  const test = testEventCode === undefined ? {} : { test_event_code: testEventCode };
  const bodyOf = (events: readonly MetaEvent[]) => ({ data: events, ...test });

  const post = async (events: readonly MetaEvent[], desk: Desk): Promise<Outcome> => {
    const answer = await callGraph(settings, { method: 'POST', path: `/${dataset}/events`, body: bodyOf(events) }, desk);
    // The dataset is a setting: where it is wrong, no event is.
    if (!answer.ok) return answer.namesNothing ? { status: 'fix-credentials', reason: answer.outcome.reason } : answer.outcome;
    const received = Number(answer.body.events_received ?? 0);
    if (received < events.length) return { status: 'rejected', reason: `Meta took ${received} of ${events.length} events` };
    const trace = textOf(answer.body.fbtrace_id);
    return { status: 'delivered', ...(trace === undefined ? {} : { reference: trace }) };
  };

  return destination<Conversion>({
    description: "Conversions for Meta's dataset (Conversions API).",
    purpose: 'advertising',
    channel: 'ads',
    address,
    message: conversion,
    batchSize: eventsPerCall,
    timeoutSeconds: 60,
    send: async (deliveries, desk) => {
      const events = deliveries.map((delivery) => eventOf(delivery, { telling, oldestDays, limitedDataUse, now: desk.now() }));
      const good = events.filter((event) => typeof event !== 'string');
      const outcomes = await apart(good, (part) => post(part, desk));
      return events.map((event) =>
        typeof event === 'string'
          ? { status: 'rejected', reason: event }
          : (outcomes.get(event) ?? { status: 'retry', reason: 'not sent' }),
      );
    },
    preview: async (delivery: Delivery<Conversion>, desk) => {
      const event = eventOf(delivery, { telling, oldestDays, limitedDataUse, now: desk.now() });
      const body = typeof event === 'string' ? { refused: event } : bodyOf([event]);
      return { parts: [{ name: 'events', contentType: 'application/json', body: JSON.stringify(body, null, 2) }] };
    },
    healthCheck: async (desk) => {
      const answer = await callGraph(settings, { method: 'GET', path: `/${dataset}` }, desk);
      if (!answer.ok) throw errorOf(answer.outcome);
    },
  });
}

/**
 * One refused event fails its whole call, so what was refused is cut in two until the refused one stands alone. Sending the
 * others again does no harm: Meta knows them by their ids.
 */
async function apart(
  events: readonly MetaEvent[],
  post: (part: readonly MetaEvent[]) => Promise<Outcome>,
): Promise<Map<MetaEvent, Outcome>> {
  const outcomes = new Map<MetaEvent, Outcome>();
  const parts = events.length === 0 ? [] : [events];
  for (let calls = 0; parts.length > 0 && calls < mostCalls; calls += 1) {
    const part = parts.shift() ?? [];
    const outcome = await post(part);
    if (outcome.status === 'rejected' && part.length > 1) {
      const middle = Math.ceil(part.length / 2);
      parts.push(part.slice(0, middle), part.slice(middle));
      continue;
    }
    for (const event of part) outcomes.set(event, outcome);
    // Whoever asks for a pause or refuses the key does so for every part.
    if (outcome.status === 'retry' || outcome.status === 'fix-credentials')
      for (const event of parts.splice(0).flat()) outcomes.set(event, outcome);
  }
  for (const event of parts.flat()) outcomes.set(event, { status: 'retry', reason: 'sent together with events that Meta refuses' });
  return outcomes;
}
