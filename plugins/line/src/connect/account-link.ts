import { randomBytes } from 'node:crypto';
import { type AccountLinkSource, accountLink, type Desk, type Draft, GiveUp, type Identifiers } from '@enishi/plugin-sdk';
import { z } from 'zod';
import type { Ask } from '../api.ts';
import { accountLinked, accountLinkFailed } from '../events.ts';
import { reasonOf } from '../failure.ts';
import type { Settings } from '../settings.ts';
import type { LineEvent } from '../webhook/body.ts';
import type { Base } from '../webhook/drafts.ts';

const tenMinutes = 600;
/** Longer than LINE goes on redelivering. */
const threeDays = 3 * 86_400;

/** Whom a nonce stands for, until LINE brings it back. */
const nonceKey = (nonce: string): string => `nonce/${nonce}`;
const linkedKey = (eventId: string | undefined): string => `linked/${eventId}`;

/**
 * LINE's account link: the person is logged in with us, and LINE asks them to tie the account they are using. It answers by
 * webhook with the nonce, never by a return.
 * Source: https://developers.line.biz/en/docs/messaging-api/linking-accounts/
 */
export function lineAccountLink({ accessUrl }: Settings, ask: Ask): AccountLinkSource {
  return accountLink({
    description: 'Ties a LINE friend to their account with us: LINE asks them, and answers by webhook.',
    depart: async ({ identifiers }, desk) => {
      const { 'line.user': userId, ...own } = identifiers;
      if (userId === undefined) throw new GiveUp('name the LINE account as line.user');
      if (Object.values(own).every((value) => value === undefined)) throw new GiveUp('name who is logged in beside line.user');
      // LINE lets only that account use the link token: who opens the address with another one is refused there.
      const { linkToken } = await ask(desk, ({ messaging }) => messaging.issueLinkToken(userId));
      const address = new URL('/dialog/bot/accountLink', accessUrl);
      address.searchParams.set('linkToken', linkToken);
      address.searchParams.set('nonce', await nonceFor(identifiers, desk));
      return address.href;
    },
    arrive: async () => {
      throw new GiveUp('LINE answers an account link by webhook');
    },
  });
}

/** Whoever guessed it could tie their LINE account to somebody else's: 192 random bits, good once and for ten minutes. */
async function nonceFor(identifiers: Identifiers, desk: Desk): Promise<string> {
  const nonce = randomBytes(24).toString('base64url');
  await desk.state.set(nonceKey(nonce), identifiers, { secret: true, forSeconds: tenMinutes });
  return nonce;
}

interface At {
  readonly ask: Ask;
  readonly desk: Desk;
}

const link = z.object({ link: z.object({ result: z.string(), nonce: z.string() }) });

/** LINE's answer. Only a nonce that was given out and not used yet ties anybody; the same event brought again gets the same answer. */
export async function linkDraft(event: LineEvent, base: Base, desk: Desk): Promise<Draft> {
  const { result, nonce } = link.safeParse(event).data?.link ?? { result: '', nonce: '' };
  const failed = (reason: 'refused-by-line' | 'unknown-nonce' | 'somebody-else') => accountLinkFailed({ ...base, properties: { reason } });
  const earlier = await desk.state.get<Identifiers>(linkedKey(base.id));
  const identifiers = earlier ?? (await desk.state.take<Identifiers>(nonceKey(nonce)));
  if (result !== 'ok') return failed('refused-by-line');
  if (identifiers === undefined) return failed('unknown-nonce');
  if (identifiers['line.user'] !== base.identifiers['line.user']) return failed('somebody-else');
  if (earlier === undefined) await desk.state.set(linkedKey(base.id), identifiers, { secret: true, forSeconds: threeDays });
  return accountLinked({ ...base, identifiers: { ...identifiers, ...base.identifiers }, properties: {} });
}

/** Answers the button that asks for the link with the way to our log-in page. In standby another bot has the word. */
export async function offerLink(event: LineEvent, settings: NonNullable<Settings['accountLink']>, at: At): Promise<void> {
  const pressed = z.object({ postback: z.object({ data: z.literal(settings.postback) }) }).safeParse(event).success;
  const { replyToken, mode, source } = event;
  if (!pressed || mode !== 'active' || replyToken === undefined || source?.userId === undefined) return;
  try {
    const uri = new URL(settings.page);
    uri.searchParams.set('lineUser', source.userId);
    const { text, label } = settings;
    const template = { type: 'buttons' as const, text, actions: [{ type: 'uri' as const, label, uri: uri.href }] };
    await at.ask(at.desk, ({ messaging }) =>
      messaging.replyMessage({ replyToken, messages: [{ type: 'template', altText: text, template }] }),
    );
  } catch (error) {
    // They can press again; the events that came with this one must not wait for it.
    at.desk.log.warn('the way to the account link could not be sent', { reason: reasonOf(error), webhookEventId: event.webhookEventId });
  }
}
