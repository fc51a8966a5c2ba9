import type { FileItem } from '@enishi/plugin-sdk';
import type { Receipt } from '../line/receipt.ts';
import type { ImportCounts, LineCounts } from './request.ts';

/** Something that did not get in, as it stands in the rejects file. */
export interface Reject {
  readonly lines: readonly number[];
  readonly status: 'QUARANTINED' | 'SUPPRESSED' | 'REJECTED';
  readonly reason: string;
  readonly raw: unknown;
}

const mostReasons = 1000;

/** Counts what became of the items, in their order. */
export class Tally {
  #counts: Record<keyof ImportCounts, number>;
  readonly #lines = { accepted: 0, duplicate: 0, quarantined: 0, rejected: 0 };
  readonly #reasons = new Map<string, number>();

  constructor(before: ImportCounts) {
    this.#counts = { ...before };
  }

  get counts(): ImportCounts {
    return { ...this.#counts };
  }

  get lines(): LineCounts {
    return { ...this.#lines };
  }

  get reasons(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#reasons);
  }

  /** Takes a batch and the receipts of those of its items that are events. Answers what belongs into the rejects file. */
  add(items: readonly FileItem[], receipts: readonly Receipt[]): Reject[] {
    const rejects: Reject[] = [];
    let next = 0;
    for (const item of items) {
      const receipt = 'draft' in item ? receipts[next++] : undefined;
      const reject = rejectOf(item, receipt);
      const outcome = reject === undefined ? kept(receipt) : reject.status === 'QUARANTINED' ? 'quarantined' : 'rejected';
      this.#counts.items += 1;
      this.#counts[outcome] += 1;
      this.#lines[outcome] += item.lines.length;
      if (reject) rejects.push(this.#noted(reject));
    }
    return rejects;
  }

  #noted(reject: Reject): Reject {
    const reason = this.#reasons.has(reject.reason) || this.#reasons.size < mostReasons ? reject.reason : 'other reasons';
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    return reject;
  }
}

const kept = (receipt: Receipt | undefined) => (receipt?.status === 'DUPLICATE' ? 'duplicate' : 'accepted');

function rejectOf(item: FileItem, receipt: Receipt | undefined): Reject | undefined {
  if (!('draft' in item)) return { lines: item.lines, status: 'REJECTED', reason: item.problem, raw: item.raw };
  const { lines, draft: raw } = item;
  if (receipt === undefined) return { lines, status: 'REJECTED', reason: 'the line gave no answer', raw };
  if (receipt.status === 'ACCEPTED' || receipt.status === 'DUPLICATE') return undefined;
  if (receipt.status === 'SUPPRESSED') return { lines, status: receipt.status, reason: receipt.reason, raw };
  const reason = receipt.violations.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return { lines, status: receipt.status, reason, raw };
}
