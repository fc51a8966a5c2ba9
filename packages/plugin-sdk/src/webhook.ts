import { createHmac, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import type { Desk } from './desk.ts';
import type { Draft } from './event.ts';

/** A request exactly as it came: signatures are checked on `body` before anything is parsed. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export interface Page {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What a webhook declares beside its body. */
export interface WebhookOptions {
  readonly description: string;
  /** Answers whether the vendor really sent this. A refusal is answered 401 and never parsed. May ask the desk, say for a certificate. */
  readonly verify: (request: RawRequest, desk: Desk) => boolean | Promise<boolean>;
  /**
   * The vendor's own id of this call, where it has one. The same id again within 7 days is answered as before and not
   * worked on: a replayed call does nothing.
   */
  readonly callId?: (request: RawRequest) => string | undefined;
  /**
   * `now` (default): the vendor waits until the events are stored and gets their receipts. `later`: the call is stored as it
   * came and answered at once; `receive` runs behind it, again with growing pauses while it throws, and what it gives up on
   * is kept with the reason. For vendors who send ids that must be fetched, or who do not wait.
   */
  readonly work?: 'now' | 'later';
  /** What a person's browser, or a vendor's challenge, gets on `GET`. It may look things up at the desk; a `GET` never changes anything. */
  readonly page?: (request: RawRequest, desk: Desk) => Page | Promise<Page>;
  /** What a `POST` that was taken is answered with instead of its receipts; `undefined` keeps the receipts. */
  readonly answer?: (request: RawRequest, desk: Desk) => Page | undefined | Promise<Page | undefined>;
}

/** An endpoint a vendor calls: `POST /hooks/{plugin}/{source}`. */
export interface WebhookSource extends WebhookOptions {
  readonly kind: 'webhook';
  readonly body: z.ZodType;
  readonly receive: (body: unknown, request: RawRequest, desk: Desk) => readonly Draft[] | Promise<readonly Draft[]>;
}

export interface WebhookSpec<TBody> extends WebhookOptions {
  /** The shape of the body. JSON and form bodies are parsed by their content type; anything else is text. */
  readonly body: z.ZodType<TBody>;
  /** Turns the body into events. With `work: 'now'` it must be quick. */
  readonly receive: (body: TBody, request: RawRequest, desk: Desk) => readonly Draft[] | Promise<readonly Draft[]>;
}

/** Declares a webhook; the type of `body` follows from its schema. */
export function webhook<TBody>(spec: WebhookSpec<TBody>): WebhookSource {
  return { kind: 'webhook', ...spec, receive: (body, request, desk) => spec.receive(body as TBody, request, desk) };
}

export interface SignatureOptions {
  readonly header: string;
  readonly secret: string;
  readonly encoding: 'base64' | 'hex';
  /** What stands before the digest in the header, such as `sha256=`. */
  readonly prefix?: string;
  /** What is signed in front of the body, such as the address that was called. */
  readonly before?: (request: RawRequest) => string;
}

/** Checks an HMAC-SHA256 of the raw body in constant time. */
export function hmacSignature(options: SignatureOptions): (request: RawRequest) => boolean {
  return (request) => {
    const digest = createHmac('sha256', options.secret)
      .update(options.before?.(request) ?? '')
      .update(request.body)
      .digest(options.encoding);
    return sameSecret(request.headers[options.header.toLowerCase()] ?? '', (options.prefix ?? '') + digest);
  };
}

/** Compares two secrets without telling by the time it takes how much of them agrees. */
export function sameSecret(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
