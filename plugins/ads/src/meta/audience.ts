import { type AudienceChange, type AudienceDestination, audience, type Desk, type Outcome, type Recipient } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { rememberedLists } from '../lists.ts';
import type { Telling } from '../person.ts';
import { isObject, textOf } from '../reply.ts';
import type { MetaSettings } from '../settings.ts';
import { errorOf, type Failure } from '../thrown.ts';
import { type Answer, callGraph, secondsToRest } from './graph.ts';
import { type Row, rowsOf, rowsPerCall, schemaOf, sessionId } from './rows.ts';

/** What a program holds for `ads.meta`. */
export const metaMessage = z.strictObject({
  audience: z.string().regex(/^\d+$/, 'digits').describe('Id of the custom audience.'),
});
export type MetaMessage = z.output<typeof metaMessage>;

interface Batch {
  readonly rows: readonly Row[];
  readonly session: Readonly<Record<string, unknown>>;
}

const nobody: Outcome = { status: 'rejected', reason: 'the customer has nothing that Meta could find them by' };

export interface MetaAudience {
  readonly settings: MetaSettings;
  readonly telling: Telling;
  readonly address: readonly [string, ...string[]];
}

/** Customer lists at Meta: people are put in and taken out by hashes, many at a time, in one session for each batch. */
export function metaDestination({ settings, telling, address }: MetaAudience): AudienceDestination {
  const limited = settings.limitedDataUse;
  const schema = schemaOf(telling, limited);
  const consent = settings.customerConsent === undefined ? {} : { customer_consent: settings.customerConsent };

  const put = (to: { method: 'POST' | 'DELETE'; path: string }, { rows, session }: Batch, desk: Desk): Promise<Answer> =>
    callGraph(settings, { ...to, body: { payload: { schema, data: rows }, session, ...consent } }, desk);

  const apply = async (changes: readonly AudienceChange<MetaMessage>[], desk: Desk): Promise<readonly Outcome[]> => {
    const [first] = changes;
    if (first === undefined) return [];
    const rest = await secondsToRest(desk);
    if (rest > 0) return changes.map(() => ({ status: 'retry', reason: 'Meta asked to be left alone', afterSeconds: rest }));
    const list = first.message.audience;
    if (first.operation === 'ADD') await rememberedLists(desk.state, 'meta').remember(list);
    const rows = changes.map(({ recipient }) => rowsOf(recipient, telling, limited));
    const to = { method: first.operation === 'ADD' ? 'POST' : 'DELETE', path: `/${list}/users` } as const;
    const id = sessionId(list, first.operation, ...changes.map((change) => `${change.id} ${change.attempt}`));
    const outcomes = new Map<Row, Outcome>();
    const all = rows.flat();
    for (let from = 0; from < all.length; from += rowsPerCall) {
      const batch = all.slice(from, from + rowsPerCall);
      const session = sessionOf(id, from / rowsPerCall + 1, { last: from + rowsPerCall >= all.length, total: all.length });
      const answer = await put(to, { rows: batch, session }, desk);
      for (const [at, outcome] of verdicts(answer, batch, desk).entries()) outcomes.set(batch[at] ?? [], outcome);
      if (answer.ok) continue;
      for (const row of all.slice(from)) outcomes.set(row, answer.outcome);
      break;
    }
    return rows.map((own) => worst(own.flatMap((row) => outcomes.get(row) ?? [])) ?? nobody);
  };

  return audience({
    description: 'Customer lists (Custom Audiences) of a Meta ad account: Facebook and Instagram.',
    purpose: 'advertising',
    channel: 'ads',
    address,
    message: metaMessage,
    batchSize: rowsPerCall,
    timeoutSeconds: 120,
    limits: [{ calls: settings.callsPerHour, perSeconds: 3600 }],
    apply,
    replace: async ({ audience: list }, everybody, desk) => {
      await rememberedLists(desk.state, 'meta').remember(list);
      const id = sessionId(list, 'replace', desk.now().toISOString());
      let sequence = 0;
      for await (const { rows, last } of inBatches(everybody, (recipient) => rowsOf(recipient, telling, limited))) {
        sequence += 1;
        const session = sessionOf(id, sequence, { last });
        const answer = await put({ method: 'POST', path: `/${list}/usersreplace` }, { rows, session }, desk);
        if (!answer.ok) throw errorOf(answer.outcome);
      }
    },
    onErase: async (recipient, desk) => {
      const rows = rowsOf(recipient, telling, limited);
      if (rows.length === 0) return;
      const refusals: Failure[] = [];
      for (const list of await rememberedLists(desk.state, 'meta').all()) {
        const session = sessionOf(sessionId(list, 'erase', recipient.id, desk.now().toISOString()), 1, { last: true, total: rows.length });
        const answer = await put({ method: 'DELETE', path: `/${list}/users` }, { rows, session }, desk);
        // A list that is gone holds nobody.
        if (!answer.ok && !answer.namesNothing) refusals.push(answer.outcome);
      }
      const [refusal] = refusals;
      if (refusal !== undefined) throw errorOf(refusal);
    },
    healthCheck: async (desk) => {
      const answer = await callGraph(settings, { method: 'GET', path: '/me' }, desk);
      if (!answer.ok) throw errorOf(answer.outcome);
    },
  });
}

const sessionOf = (id: number, sequence: number, { last, total }: { last: boolean; total?: number }): Batch['session'] => ({
  session_id: id,
  batch_seq: sequence,
  last_batch_flag: last,
  ...(total === undefined ? {} : { estimated_num_total: total }),
});

/** One outcome per row. Meta names samples of what it could not read; whose row is among them is told, the others are in. */
function verdicts(answer: Answer, rows: readonly Row[], desk: Desk): Outcome[] {
  if (!answer.ok) return rows.map(() => answer.outcome);
  const invalid = Number(answer.body.num_invalid_entries ?? 0);
  const reference = textOf(answer.body.session_id);
  const taken: Outcome = { status: 'delivered', ...(reference === undefined ? {} : { reference: `session ${reference}` }) };
  if (!(invalid > 0)) return rows.map(() => taken);
  const samples = JSON.stringify(isObject(answer.body.invalid_entry_samples) ? answer.body.invalid_entry_samples : {});
  const named = rows.map((row) => row.some((cell) => typeof cell === 'string' && cell.length > 8 && samples.includes(cell)));
  if (invalid > named.filter(Boolean).length && invalid < rows.length)
    desk.log.warn('Meta could not read some entries and does not say which', { received: rows.length, invalid });
  const refused: Outcome = { status: 'rejected', reason: 'Meta could not read this entry' };
  return named.map((isNamed) => (isNamed || invalid >= rows.length ? refused : taken));
}

/** Whoever has several rows is in with all of them or not yet. */
const worst = (outcomes: readonly Outcome[]): Outcome | undefined => outcomes.find(({ status }) => status !== 'delivered') ?? outcomes[0];

async function* inBatches(everybody: AsyncIterable<Recipient>, rowsFor: (recipient: Recipient) => Row[]) {
  const waiting: Row[] = [];
  for await (const recipient of everybody) {
    waiting.push(...rowsFor(recipient));
    // One row stays behind: the last batch must be known as the last, and may not be empty.
    while (waiting.length > rowsPerCall) yield { rows: waiting.splice(0, rowsPerCall), last: false };
  }
  yield { rows: waiting, last: true };
}
