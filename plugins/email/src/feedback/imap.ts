import type { ImapFlow } from 'imapflow';

export interface MailboxSettings {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly requireTls: boolean;
  readonly auth: { readonly user: string; readonly password: string };
  readonly folder: string;
  readonly everySeconds: number;
}

/** How far the mailbox has been read. */
export interface Position {
  readonly validity: string;
  readonly uid: number;
}

export interface Letter {
  readonly uid: number;
  readonly raw: Uint8Array;
  /** Whether all of it was fetched. What a report says stands at its front. */
  readonly whole: boolean;
}

export interface Letters {
  readonly validity: string;
  readonly letters: readonly Letter[];
  readonly more: boolean;
}

const perPage = 50;
const mostBytes = 512 * 1024;
const patienceMs = 20_000;

/** The next letters behind a position; from the start where the server numbers its mails anew. Throws what keeps the mailbox from being read. */
export async function readLetters(settings: MailboxSettings, from: Position | undefined, signal: AbortSignal): Promise<Letters> {
  const client = await connect(settings);
  const hangUp = (): void => client.close();
  signal.addEventListener('abort', hangUp, { once: true });
  try {
    signal.throwIfAborted();
    await client.connect();
    // Read only: nobody's mail is marked as read by us.
    const { uidValidity } = await client.mailboxOpen(settings.folder, { readOnly: true });
    const validity = String(uidValidity);
    const after = from?.validity === validity ? from.uid : 0;
    const found = (await client.search({ uid: `${after + 1}:*` }, { uid: true })) || [];
    // A range that ends in * always names the last mail, even one before its beginning.
    const waiting = found.filter((uid) => uid > after).sort((left, right) => left - right);
    const letters = await fetchLetters(client, waiting.slice(0, perPage));
    return { validity, letters, more: waiting.length > perPage };
  } finally {
    signal.removeEventListener('abort', hangUp);
    await leave(client);
  }
}

async function fetchLetters(client: ImapFlow, uids: readonly number[]): Promise<Letter[]> {
  const letters: Letter[] = [];
  for (const uid of uids) {
    const letter = await client.fetchOne(String(uid), { size: true, source: { maxLength: mostBytes } }, { uid: true });
    // Somebody may have deleted it meanwhile.
    if (letter && letter.source !== undefined) letters.push({ uid, raw: letter.source, whole: (letter.size ?? 0) <= mostBytes });
  }
  return letters;
}

// Loaded only where a mailbox is polled.
async function connect({ host, port, secure, requireTls, auth }: MailboxSettings): Promise<ImapFlow> {
  const { ImapFlow } = await import('imapflow');
  const client = new ImapFlow({
    host,
    port,
    secure,
    ...(!secure && requireTls ? { doSTARTTLS: true } : {}),
    auth: { user: auth.user, pass: auth.password },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
  });
  // What goes wrong is thrown by the call under way; without a listener it would end the process as well.
  client.on('error', () => {});
  return client;
}

async function leave(client: ImapFlow): Promise<void> {
  try {
    if (client.usable) await client.logout();
  } catch {
    // The other side has gone already.
  } finally {
    client.close();
  }
}
