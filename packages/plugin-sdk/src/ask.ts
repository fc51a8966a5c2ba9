import { z } from 'zod';
import { ComeBackLater, type Desk, GiveUp, HostRefused } from './desk.ts';
import { outcomeOf } from './outcome.ts';

/** What a partner's system is asked for. */
export interface Question<TAnswer> {
  /** How the partner is called in what an operator reads, such as `Square`. */
  readonly partner: string;
  readonly url: string | URL;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
  /** The shape of a good answer. Whatever else comes, an error in a 200 included, is not taken for one. */
  readonly answer: z.ZodType<TAnswer>;
}

/** The partner refuses the question itself; `status` is what it said, such as 401 or 404. The same question again is no use. */
export class AskRefused extends GiveUp {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A partner that is too busy and does not say for how long is left alone for this many seconds. */
const busySeconds = 10;
const patienceMs = 20_000;

/**
 * Asks a partner's system for JSON, for sources. What goes wrong is thrown as what the host does about it: `ComeBackLater`
 * (429, or a time to come back was named), `AskRefused` (any other 4xx), and an ordinary error, asked again with growing
 * pauses, for everything that may pass by itself: 5xx, silence of 20 s, HTML where JSON was due, an answer of another shape.
 */
export async function askJson<TAnswer>(desk: Desk, question: Question<TAnswer>): Promise<TAnswer> {
  const { partner, url, method = 'GET', headers, body, answer } = question;
  const signal = AbortSignal.any([desk.signal, AbortSignal.timeout(patienceMs)]);
  const { reply, text } = await heard(partner, async () => {
    const sent = await desk.fetch(url, { method, headers: { accept: 'application/json', ...headers }, body: body ?? null, signal });
    return { reply: sent, text: await sent.text() };
  });
  if (!reply.ok) throw refusal(partner, reply);
  const value = parsed(text);
  if (value === undefined)
    throw new Error(`${partner} answered ${reply.headers.get('content-type') ?? 'something'} where JSON was due (${reply.status})`);
  const shaped = answer.safeParse(value);
  if (shaped.success) return shaped.data;
  throw new Error(`${partner} answered something else than was asked for: ${z.prettifyError(shaped.error).slice(0, 500)}`);
}

async function heard<TResult>(partner: string, ask: () => Promise<TResult>): Promise<TResult> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HostRefused) throw error;
    throw new Error(`${partner} did not answer: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function refusal(partner: string, reply: Response): Error {
  const outcome = outcomeOf(reply);
  const message = `${partner} answered ${reply.status} ${reply.statusText}`.trim();
  if (outcome.status !== 'retry') return new AskRefused(reply.status, message);
  if (outcome.afterSeconds !== undefined) return new ComeBackLater(outcome.afterSeconds, message);
  return reply.status === 429 ? new ComeBackLater(busySeconds, message) : new Error(message);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
