import { createHmac, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
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

/** An endpoint a vendor calls: `POST /hooks/{plugin}/{source}`. */
export interface WebhookSource {
  readonly kind: 'webhook';
  readonly description: string;
  readonly body: z.ZodType;
  /** Answers whether the vendor really sent this. A refusal is answered 401 and never parsed. */
  readonly verify: (request: RawRequest) => boolean;
  readonly receive: (body: unknown, request: RawRequest) => readonly Draft[] | Promise<readonly Draft[]>;
  /** What a person's browser sees on `GET`. A `GET` never changes anything. */
  readonly page?: (request: RawRequest) => Page;
  /** What a `POST` that was taken is answered with instead of its receipts, for a person's browser; `undefined` keeps the receipts. */
  readonly answer?: (request: RawRequest) => Page | undefined;
}

export interface WebhookSpec<TBody> {
  readonly description: string;
  /** The shape of the body. JSON and form bodies are parsed by their content type. */
  readonly body: z.ZodType<TBody>;
  readonly verify: (request: RawRequest) => boolean;
  /** Turns the body into events. Answers at once: slow work belongs elsewhere. */
  readonly receive: (body: TBody, request: RawRequest) => readonly Draft[] | Promise<readonly Draft[]>;
  readonly page?: (request: RawRequest) => Page;
  readonly answer?: (request: RawRequest) => Page | undefined;
}

/** Declares a webhook; the type of `body` follows from its schema. */
export function webhook<TBody>(spec: WebhookSpec<TBody>): WebhookSource {
  return { kind: 'webhook', ...spec, receive: (body, request) => spec.receive(body as TBody, request) };
}

export interface SignatureOptions {
  readonly header: string;
  readonly secret: string;
  readonly encoding: 'base64' | 'hex';
  /** What stands before the digest in the header, such as `sha256=`. */
  readonly prefix?: string;
}

/** Checks an HMAC-SHA256 of the raw body in constant time. */
export function hmacSignature(options: SignatureOptions): (request: RawRequest) => boolean {
  return ({ headers, body }) => {
    const given = Buffer.from(headers[options.header.toLowerCase()] ?? '');
    const expected = Buffer.from((options.prefix ?? '') + createHmac('sha256', options.secret).update(body).digest(options.encoding));
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
}

/** One step through a file: an event with the lines it was made of, or a line that could not be read. */
export type FileItem =
  | { readonly lines: readonly number[]; readonly draft: Draft }
  | { readonly lines: readonly number[]; readonly problem: string; readonly raw: string };

export interface FileInput {
  readonly name: string;
  /** Opens the file from its start; may be called more than once (a first pass may count). Compressed files arrive inflated. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Another file of the same folder, such as the calendar that says when a campaign began. */
  readonly beside: (name: string) => FileInput;
}

/** The file as a whole cannot be read with these options; the message finishes the sentence "The file cannot be imported: ...". */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile';
}

/** A kind of file that can be imported: `enishi import {plugin}.{source} FILE`. */
export interface FileSource {
  readonly kind: 'file';
  readonly description: string;
  readonly options: z.ZodObject;
  /** Must yield the same items in the same order for the same file and options: a stopped import resumes by counting them. */
  readonly read: (file: FileInput, options: never) => AsyncIterable<FileItem>;
}

export interface FileSpec<TOptions extends z.ZodObject> {
  readonly description: string;
  /** Settings of one import, from `--option key=value` and `--options FILE.json`: column names, encoding, time zone. */
  readonly options: TOptions;
  readonly read: (file: FileInput, options: z.output<TOptions>) => AsyncIterable<FileItem>;
}

/** Declares a file format; the type of the options follows from their schema. */
export function file<TOptions extends z.ZodObject>(spec: FileSpec<TOptions>): FileSource {
  return { kind: 'file', ...spec };
}

export type Source = WebhookSource | FileSource;
