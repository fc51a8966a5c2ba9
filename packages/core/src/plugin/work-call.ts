import { GiveUp, type WebhookSource } from '@enishi/plugin-sdk';
import type { Workspace } from '../access/workspace.ts';
import { backoffSeconds, type RetryPolicy } from '../delivery/backoff.ts';
import { giveUpCall, putBackCall, removeCall, type StoredCall } from './inbox.ts';
import { after, atDesk, type PluginWork, type Trouble, troubleOf } from './work.ts';

/** Five to ten hours of trying: a vendor's bad night passes. */
const retry: RetryPolicy = { baseSeconds: 5, capSeconds: 3600, maxAttempts: 20 };

/** Works on a call that was answered before: its events and its removal are one transaction. Never throws what the plugin threw. */
export async function workOnCall(
  work: PluginWork,
  workspace: Workspace,
  { source, key, call }: { source: WebhookSource; key: string; call: StoredCall },
): Promise<void> {
  try {
    if (call.attempt > retry.maxAttempts) throw new GiveUp(`the process stopped during each of ${retry.maxAttempts} attempts`);
    const shaped = source.body.safeParse(await work.bodyOf(call.request));
    if (!shaped.success) throw new GiveUp('the body no longer has the shape this webhook takes');
    const drafts = await atDesk(work, { source: key, workspace }, (desk) => source.receive(shaped.data, call.request, desk));
    await work.line.acceptPage(workspace, key, {
      submissions: drafts,
      note: (sql) => sql.send(removeCall, [workspace.id, call.id]),
    });
    work.onWork(key, 'done', undefined);
  } catch (error) {
    const trouble = troubleOf(error, work, key);
    work.onWork(key, trouble.next === 'again' ? 'failed' : trouble.next === 'later' ? 'later' : 'given-up', trouble.reason);
    await settle(work, workspace, { call, trouble });
  }
}

async function settle(work: PluginWork, workspace: Workspace, { call, trouble }: { call: StoredCall; trouble: Trouble }): Promise<void> {
  const { database, now, random } = work;
  const { id, attempt } = call;
  const { reason } = trouble;
  if (trouble.next === 'later')
    return putBackCall(database, workspace.id, { id, reason, dueAt: after(now(), trouble.seconds), counts: false });
  if (trouble.next === 'give-up') return giveUpCall(database, workspace.id, { id, reason });
  if (attempt >= retry.maxAttempts)
    return giveUpCall(database, workspace.id, { id, reason: `gave up after ${attempt} attempts: ${reason}` });
  return putBackCall(database, workspace.id, { id, reason, dueAt: after(now(), backoffSeconds(attempt, retry, random)), counts: true });
}
