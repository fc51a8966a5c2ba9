import { Line, type LineOptions, type Receipt, type Workspace } from '@enishi/core';

export type OnReceipts = (source: string, receipts: readonly Receipt[]) => void;

/** The line, with every receipt told to the metrics, whichever way its event came in. */
export class CountingLine extends Line {
  readonly #onReceipts: OnReceipts;

  constructor(options: LineOptions, onReceipts: OnReceipts) {
    super(options);
    this.#onReceipts = onReceipts;
  }

  override async accept(workspace: Workspace, sourceKey: string, submissions: readonly unknown[]): Promise<Receipt[]> {
    const receipts = await super.accept(workspace, sourceKey, submissions);
    this.#onReceipts(sourceKey, receipts);
    return receipts;
  }
}
