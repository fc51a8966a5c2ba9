import type { z } from 'zod';
import type { Draft } from './event.ts';

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
