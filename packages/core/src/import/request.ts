import type { FileSource } from '@enishi/plugin-sdk';
import type { Workspace } from '../access/workspace.ts';
import type { Database } from '../db/database.ts';
import type { Line } from '../line/line.ts';

export interface ImportRequest {
  readonly database: Database;
  readonly line: Pick<Line, 'accept' | 'sources'>;
  readonly workspace: Workspace;
  /** Key of the source the events are booked under, such as `ec.orders`. */
  readonly source: string;
  readonly file: FileSource;
  /** Settings of this import as the user gave them; checked against what the source declares. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly path: string;
  /** NDJSON of everything that did not get in. Default: the file's path with `.rejects.ndjson` behind it. Written only when there is something to write. */
  readonly rejectsPath?: string;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Stops the import between two batches; it resumes there when it is asked for again. */
  readonly signal?: AbortSignal;
  /** Starts from the first item even where an earlier run was stopped half-way. */
  readonly fromStart?: boolean;
  /** Items per call of the line. Default 500. */
  readonly batchSize?: number;
  /** Batches under way at once. Default 4: while the line's two writers work, the next two are there already. */
  readonly inFlight?: number;
}

export interface ImportCounts {
  /** Items acknowledged so far, runs before a resumption included. */
  readonly items: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly quarantined: number;
  /** What is no event at all, and what the line would not take: in the rejects file with lines and reason. */
  readonly rejected: number;
}

export interface ImportProgress extends ImportCounts {
  /** Bytes of the file read in the present pass. A source that counts before it imports reads the file more than once, and this starts at 0 again. */
  readonly bytes: number;
  /** Bytes of the file on disk. */
  readonly size: number;
  /** Items per second in this run. */
  readonly rate: number;
}

/** By what became of them; the lines of an item count with it. */
export interface LineCounts {
  readonly accepted: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly rejected: number;
}

export interface ImportReport extends ImportCounts {
  /** `false` where the signal stopped it; the same request resumes it. */
  readonly finished: boolean;
  /** Items an earlier, stopped run had acknowledged; 0 for a fresh start. */
  readonly resumedAt: number;
  /** Lines of the file, of this run. */
  readonly lines: LineCounts;
  /** How many items of this run did not get in, by reason; at most 1,000 reasons, the rest under `other reasons`. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly rate: number;
  /** Where the rejects are, if there are any. */
  readonly rejectsPath: string | undefined;
}
