import { constants } from 'node:fs';
import { access, appendFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ImportInputError } from '../errors.ts';
import type { Reject } from './tally.ts';

/** The file of what did not get in: one JSON object per line, `{ lines, status, reason, raw }`. */
export class Rejects {
  readonly #path: string;
  #written = 0;

  private constructor(path: string) {
    this.#path = path;
  }

  /** A fresh import replaces the file of an earlier one; a resumed import goes on in it and may repeat the items of its last batches. */
  static async open(path: string, resumed: boolean): Promise<Rejects> {
    // Asked before the first event comes in: a folder that cannot be written would stop the import half-way.
    await access(dirname(path), constants.W_OK).catch(() => {
      throw new ImportInputError(`what does not get in cannot be written to ${path}; name another place for it`);
    });
    if (!resumed) await rm(path, { force: true });
    return new Rejects(path);
  }

  async write(rejects: readonly Reject[]): Promise<void> {
    if (rejects.length === 0) return;
    await appendFile(this.#path, rejects.map((reject) => `${JSON.stringify(reject)}\n`).join(''));
    this.#written += rejects.length;
  }

  get path(): string | undefined {
    return this.#written > 0 ? this.#path : undefined;
  }
}
