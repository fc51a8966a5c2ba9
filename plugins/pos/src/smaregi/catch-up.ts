import { type PollSource, pollChanges } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { readMessage } from '../unreadable.ts';
import { askSmaregi } from './ask.ts';
import type { SmaregiSettings } from './settings.ts';
import { transactionDrafts } from './transaction.ts';

const perPage = 100;

/** Smaregi sends a webhook once and never again: what it did not bring is read here, by the time of change. */
export const smaregiCatchUp = (settings: SmaregiSettings): PollSource =>
  pollChanges({
    description: 'Transactions of Smaregi that changed.',
    everySeconds: 300,
    sameAs: 'smaregi',
    parts: ['transactions'],
    read: async ({ from, to, page }, desk) => {
      const query = new URLSearchParams({
        'upd_date_time-from': tokyoTime(from),
        'upd_date_time-to': tokyoTime(to),
        with_details: 'all',
        sort: 'transactionHeadId:asc',
        limit: String(perPage),
        page: String(page),
      });
      const found = await askSmaregi(desk, settings, { path: `transactions?${query}`, answer: z.array(z.record(z.string(), z.unknown())) });
      const drafts = found.flatMap((payload) =>
        readMessage({ id: `smaregi:transaction:${String(payload.transactionHeadId)}`, at: desk.now(), payload }, () =>
          transactionDrafts(payload, { chain: settings.chain, edited: false }),
        ),
      );
      return { drafts, more: found.length === perPage };
    },
  });

/** `2026-11-21T18:05:00+09:00`, as Smaregi writes its times. */
const tokyoTime = (instant: Date): string => `${new Date(instant.getTime() + 9 * 3_600_000).toISOString().slice(0, 19)}+09:00`;
