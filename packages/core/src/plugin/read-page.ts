import type { BackfillSource, Desk, Pageful, PollSource } from '@enishi/plugin-sdk';
import type { Workspace } from '../access/workspace.ts';
import { backoffSeconds, type RetryPolicy } from '../delivery/backoff.ts';
import type { Receipt } from '../line/receipt.ts';
import { checkedPage, cursorOf } from './page.ts';
import { type Counts, countReceipts, type HeldReading, letGoOf, pageTurned } from './reading.ts';
import { after, atDesk, type PluginWork, pluginOf, type Trouble, troubleOf } from './work.ts';

/** A poll is tried for ever, at most this far apart; a backfill that fails as often in a row is given up. */
const retry: RetryPolicy = { baseSeconds: 10, capSeconds: 1800, maxAttempts: 15 };
/** However often a plugin wants to look, a partner is not asked more often than this. */
const shortestPause = 10;

/** Reads the next page of a held reading; its events and its cursor are one transaction. Never throws what the plugin threw. */
export async function readPage(
  work: PluginWork,
  workspace: Workspace,
  { source, reading }: { source: PollSource | BackfillSource; reading: HeldReading },
): Promise<void> {
  const key = reading.source;
  try {
    const answered = await atDesk(work, { source: key, workspace }, (desk) => ask(source, reading, desk));
    const page = checkedPage(source.cursor, answered);
    const pause = page.more || source.kind === 'backfill' ? 0 : Math.max(source.everySeconds, shortestPause);
    const now = work.now();
    const note = pageTurned(workspace.id, reading, {
      cursor: page.cursor,
      status: source.kind === 'backfill' && !page.more ? 'DONE' : 'READING',
      dueAt: after(now, pause),
      read: page.drafts.length,
      now,
    });
    const booked = `${pluginOf(key)}.${source.sameAs ?? key.slice(key.indexOf('.') + 1)}`;
    const receipts = await work.line.acceptPage(workspace, booked, { submissions: page.drafts, note });
    await countReceipts(work.database, workspace.id, { id: reading.id, counts: countsOf(receipts) });
    work.onWork(key, 'done', undefined);
  } catch (error) {
    const trouble = troubleOf(error, work, key);
    const last = reading.kind === 'BACKFILL' && (trouble.next === 'give-up' || reading.failures + 1 >= retry.maxAttempts);
    const givenUp = last && trouble.next !== 'later';
    work.onWork(key, givenUp ? 'given-up' : trouble.next === 'later' ? 'later' : 'failed', trouble.reason);
    const now = work.now();
    await letGoOf(work.database, workspace.id, {
      reading,
      dueAt: after(now, pauseAfter(trouble, reading, work.random)),
      status: givenUp ? 'GIVEN_UP' : 'READING',
      reason: trouble.reason,
      failed: trouble.next !== 'later',
      now,
    });
  }
}

function ask(source: PollSource | BackfillSource, { options, cursor: stored }: HeldReading, desk: Desk): Promise<Pageful<unknown>> {
  const { cursor, lost } = cursorOf(source.cursor, stored);
  if (lost) desk.log.warn('the stored cursor no longer has the declared shape; reading begins anew');
  return source.kind === 'poll'
    ? source.read(cursor as never, desk)
    : source.read(source.options.parse(options) as never, cursor as never, desk);
}

const pauseAfter = (trouble: Trouble, { failures }: HeldReading, random: () => number): number =>
  trouble.next === 'later' ? trouble.seconds : backoffSeconds(failures + 1, retry, random);

const countsOf = (receipts: readonly Receipt[]): Counts => {
  const of = (status: Receipt['status']): number => receipts.filter((receipt) => receipt.status === status).length;
  return { accepted: of('ACCEPTED'), duplicate: of('DUPLICATE'), quarantined: of('QUARANTINED'), rejected: of('REJECTED') };
};
