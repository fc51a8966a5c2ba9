import type { Desk } from '@enishi/plugin-sdk';

/** What a platform said: the JSON object, or `undefined` where it was none. */
export interface Heard {
  readonly reply: Response;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** Asks and reads the whole answer. Throws where nobody answered; the message never holds the address, which may carry a key. */
export async function hear(desk: Desk, url: URL, init: RequestInit): Promise<Heard> {
  const reply = await desk.fetch(url, { ...init, signal: desk.signal });
  return { reply, body: objectIn(await reply.text()) };
}

function objectIn(text: string): Heard['body'] {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
