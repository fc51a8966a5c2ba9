import { type FileItem, UnusableFile } from '@enishi/plugin-sdk';
import type { z } from 'zod';
import { statement } from '../db/sql.ts';
import { ImportInputError } from '../errors.ts';
import type { Receipt } from '../line/receipt.ts';
import { openFile } from './open-file.ts';
import { type Position, remember, takeUp } from './position.ts';
import { Rejects } from './rejects.ts';
import type { ImportProgress, ImportReport, ImportRequest } from './request.ts';
import { Tally } from './tally.ts';

/**
 * Brings a file in through the line. The position is stored after each acknowledged batch, so an import that was stopped,
 * or killed, goes on there when it is asked for again; what was stored but not yet counted is answered `DUPLICATE`.
 * Throws `ImportInputError` where the file or its options cannot be used, `LineUnavailable` where the database went away.
 */
export async function importFile(request: ImportRequest): Promise<ImportReport> {
  const options = checkedOptions(request);
  const position = await explained(() => takeUp(request, options));
  const rejects = await Rejects.open(request.rejectsPath ?? `${request.path}.rejects.ndjson`, position.done.items > 0);
  const run = new Run(request, position, rejects);
  const finished = await explained(() => run.read(options));
  return run.report(finished);
}

const refreshStatistics = statement('refresh_statistics', 'select refresh_statistics()');

interface Batch {
  readonly items: readonly FileItem[];
  readonly receipts: Promise<readonly Receipt[]>;
}

class Run {
  readonly #request: ImportRequest;
  readonly #position: Position;
  readonly #rejects: Rejects;
  readonly #tally: Tally;
  readonly #pending: Batch[] = [];
  readonly #started = performance.now();
  #bytes = 0;

  constructor(request: ImportRequest, position: Position, rejects: Rejects) {
    this.#request = request;
    this.#position = position;
    this.#rejects = rejects;
    this.#tally = new Tally(position.done);
  }

  /** Answers whether it came to the end. */
  async read(options: unknown): Promise<boolean> {
    const { batchSize = 500, signal } = this.#request;
    let passed = 0;
    let items: FileItem[] = [];
    try {
      for await (const item of this.#items(options)) {
        passed += 1;
        if (passed <= this.#position.done.items) continue;
        items.push(item);
        if (items.length < batchSize) continue;
        await this.#send(items);
        items = [];
        signal?.throwIfAborted();
      }
      await this.#send(items);
      await this.#settle(0);
    } catch (error) {
      await this.#abandon();
      if (signal?.aborted) return false;
      throw error;
    }
    await remember(this.#request, this.#position.id, { counts: this.#tally.counts, finished: true });
    const { database, workspace } = this.#request;
    if (this.#tally.counts.accepted > 0) await database.query(workspace.id, refreshStatistics);
    return true;
  }

  report(finished: boolean): ImportReport {
    return {
      ...this.#tally.counts,
      finished,
      resumedAt: this.#position.done.items,
      lines: this.#tally.lines,
      reasons: this.#tally.reasons,
      seconds: this.#seconds(),
      rate: this.#rate(),
      rejectsPath: this.#rejects.path,
    };
  }

  #items(options: unknown): AsyncIterable<FileItem> {
    const { file, path, signal } = this.#request;
    const onBytes = (bytes: number): void => {
      this.#bytes = bytes;
      this.#tell();
    };
    return file.read(openFile(path, { onBytes, signal }), options as never);
  }

  async #send(items: readonly FileItem[]): Promise<void> {
    const { line, workspace, source, inFlight = 4 } = this.#request;
    const drafts = items.flatMap((item) => ('draft' in item ? [item.draft] : []));
    const receipts = line.accept(workspace, source, drafts);
    // A later batch may fail before an earlier one is waited for; it is reported when its turn comes.
    receipts.catch(() => {});
    this.#pending.push({ items, receipts });
    await this.#settle(inFlight - 1);
  }

  /** Batches are counted in the order of the file, whichever is answered first: the position must have no hole behind it. */
  async #settle(left: number): Promise<void> {
    while (this.#pending.length > left) {
      const [batch] = this.#pending;
      if (batch === undefined) return;
      const receipts = await batch.receipts;
      this.#pending.shift();
      await this.#rejects.write(this.#tally.add(batch.items, receipts));
      await remember(this.#request, this.#position.id, { counts: this.#tally.counts, finished: false });
      this.#tell();
    }
  }

  /** What is on its way is still counted up to the first failure, so that less is repeated. */
  async #abandon(): Promise<void> {
    await this.#settle(0).catch(() => {});
    await Promise.allSettled(this.#pending.map(({ receipts }) => receipts));
  }

  #tell(): void {
    const { onProgress } = this.#request;
    if (!onProgress) return;
    const progress: ImportProgress = { ...this.#tally.counts, bytes: this.#bytes, size: this.#position.size, rate: this.#rate() };
    onProgress(progress);
  }

  #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  #rate(): number {
    return (this.#tally.counts.items - this.#position.done.items) / Math.max(this.#seconds(), 0.001);
  }
}

function checkedOptions({ file, options = {} }: ImportRequest): unknown {
  const parsed = file.options.strict().safeParse(options);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const known = Object.keys(file.options.shape).join(', ');
  const hint = first?.code === 'unrecognized_keys' ? `; it has ${known}` : '';
  throw new ImportInputError(`its options are wrong: ${parsed.error.issues.map(sentence).join('; ')}${hint}`);
}

const sentence = ({ path, message }: z.core.$ZodIssue): string => (path.length === 0 ? message : `${path.join('.')}: ${message}`);

async function explained<TResult>(work: () => Promise<TResult>): Promise<TResult> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnusableFile) throw new ImportInputError(error.message);
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw new ImportInputError('there is no such file');
    throw error;
  }
}
