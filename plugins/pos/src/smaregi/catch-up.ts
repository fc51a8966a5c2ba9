import { AskRefused, type Desk, type Draft, type PollSource, pollChanges, type Stretch } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { readMessage } from '../unreadable.ts';
import { askSmaregi } from './ask.ts';
import { customerDrafts } from './customer.ts';
import type { SmaregiSettings } from './settings.ts';
import { transactionDrafts } from './transaction.ts';

type Part = 'transactions' | 'customers';

const perPage = 100;

/** Smaregi sends a webhook once and never again: what it did not bring is read here, by the time of change. */
export const smaregiCatchUp = (settings: SmaregiSettings): PollSource =>
  pollChanges({
    description: 'Transactions and members of Smaregi that changed.',
    everySeconds: 300,
    sameAs: 'smaregi',
    longestDays: 31,
    parts: ['transactions', 'customers'],
    read: async (stretch, desk) => {
      const found = await changed(stretch, settings, desk);
      return { drafts: found.flatMap((payload) => draftsOf(payload, stretch.part, { settings, desk })), more: found.length === perPage };
    },
  });

async function changed({ part, from, to, page }: Stretch<Part>, settings: SmaregiSettings, desk: Desk): Promise<Record<string, unknown>[]> {
  const query = new URLSearchParams({
    'upd_date_time-from': tokyoTime(from),
    'upd_date_time-to': tokyoTime(to),
    ...(part === 'transactions' ? { with_details: 'all', sort: 'transactionHeadId' } : { sort: 'customerId' }),
    limit: String(perPage),
    page: String(page),
  });
  try {
    return await askSmaregi(desk, settings, { path: `${part}?${query}`, answer: z.array(z.record(z.string(), z.unknown())) });
  } catch (error) {
    // An app without the right to members must not keep the sales from being read.
    if (!(part === 'customers' && error instanceof AskRefused)) throw error;
    desk.log.warn(`members that changed are not read: ${error.message}`);
    return [];
  }
}

function draftsOf(payload: Record<string, unknown>, part: Part, { settings, desk }: { settings: SmaregiSettings; desk: Desk }): Draft[] {
  const id = part === 'transactions' ? payload.transactionHeadId : `${String(payload.customerId)}:${String(payload.updDateTime)}`;
  return readMessage({ id: `smaregi:${part}:${String(id)}`, at: desk.now(), payload }, () =>
    part === 'transactions' ? transactionDrafts(payload, { chain: settings.chain }) : customerDrafts(payload, settings.chain),
  );
}

/** `2026-11-21T18:05:00+09:00`, as Smaregi writes its times. */
const tokyoTime = (instant: Date): string => `${new Date(instant.getTime() + 9 * 3_600_000).toISOString().slice(0, 19)}+09:00`;
