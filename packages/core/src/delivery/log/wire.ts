import type { Desk } from '@enishi/plugin-sdk';

/** One request a destination made and what came back, with secrets and personal data taken out. */
export interface WireCall {
  readonly method: string;
  /** Without user, password, query values and fragment. */
  readonly url: string;
  /** `null` where no answer came. */
  readonly status: number | null;
  readonly milliseconds: number;
  readonly request: string | null;
  readonly response: string | null;
  /** Why no answer came. */
  readonly error: string | null;
}

export interface Wire {
  readonly desk: Desk;
  /** What was said so far; reading waits for no answer that is still to come. */
  readonly calls: readonly WireCall[];
}

const mostCalls = 20;
const mostText = 2_000;

/** A desk that listens to what goes over its `fetch`. `redact` takes the plugin's own secrets out of a text. */
export function listenOn(desk: Desk, redact: (text: string) => string): Wire {
  const calls: WireCall[] = [];
  const shown = (text: string): string => redactPersonal(redact(text)).slice(0, mostText);
  const listening: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const sent = await bodyOf(request.clone());
    const started = performance.now();
    const note = (rest: Pick<WireCall, 'status' | 'response' | 'error'>): void => {
      if (calls.length >= mostCalls) return;
      const milliseconds = Math.round(performance.now() - started);
      calls.push({ method: request.method, url: shown(plainUrl(request.url)), milliseconds, request: sent && shown(sent), ...rest });
    };
    try {
      const answer = await desk.fetch(request);
      const received = await bodyOf(answer.clone());
      note({ status: answer.status, response: received && shown(received), error: null });
      return answer;
    } catch (error) {
      note({ status: null, response: null, error: shown(error instanceof Error ? error.message : String(error)) });
      throw error;
    }
  };
  return { desk: { ...desk, fetch: listening }, calls };
}

/** Values in the query often are keys or people. */
function plainUrl(address: string): string {
  const url = new URL(address);
  const names = [...new Set(url.searchParams.keys())].map((name) => `${name}=…`).join('&');
  return `${url.origin}${url.pathname}${names && `?${names}`}`;
}

async function bodyOf(message: Request | Response): Promise<string | null> {
  if (message.body === null) return null;
  const text = await message.text().catch(() => '');
  return text.replaceAll('\0', '').slice(0, mostText * 4);
}

const hidden = '[redacted]';
const secretNames =
  /^(.*(token|secret|password|passwd|authori[sz]ation|signature|api_?key|access_?key|client_?id|session|cookie).*|key|pass|pwd|auth)$/i;

/** Takes out what stands under a telling name in JSON or a form, and whatever looks like an address of a person, a bearer token or a long number. */
export function redactPersonal(text: string): string {
  return text
    .replace(/"((?:[^"\\]|\\.){1,100})"(\s*:\s*)("(?:[^"\\]|\\.)*"?|[\d.-]+)/g, (whole, name: string, colon: string) =>
      secretNames.test(name) ? `"${name}"${colon}"${hidden}"` : whole,
    )
    .replace(/(^|&)([^=&\s"{}]{1,100})=([^&\s"]*)/g, (whole, start: string, name: string) =>
      secretNames.test(name) ? `${start}${name}=${hidden}` : whole,
    )
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${hidden}`)
    .replace(/[\w.+-]+(@|%40)[\w-]+(\.[\w-]+)+/g, hidden)
    .replace(/\+?\d[\d -]{7,}\d/g, hidden);
}
