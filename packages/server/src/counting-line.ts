import { Line, type LineOptions, type Page, type Receipt, type Workspace } from '@enishi/core';

export type OnReceipts = (source: string, receipts: readonly Receipt[]) => void;

/** The line, with every receipt told to the metrics, whichever way its event came in. */
export class CountingLine extends Line {
  readonly #onReceipts: OnReceipts;

  constructor(options: LineOptions, onReceipts: OnReceipts) {
    super(options);
    this.#onReceipts = onReceipts;
  }

  override async acceptPage(workspace: Workspace, sourceKey: string, page: Page): Promise<Receipt[]> {
    const receipts = await super.acceptPage(workspace, sourceKey, page);
    this.#onReceipts(sourceKey, receipts);
    return receipts;
  }
}
