import { SharedLook } from '../shared-look.ts';

/** A kind of work of which there may be any number of pieces due. */
export interface Chore {
  readonly key: string;
  /** How many pieces this process works on at once. */
  readonly most: number;
  /** Takes one piece that is due and answers how to do it; `undefined` where there is none. Doing it must end by itself. */
  readonly take: () => Promise<(() => Promise<void>) | undefined>;
}

export interface RoundsOptions {
  /** Which kinds have something due now. */
  readonly due: () => Promise<readonly Chore[]>;
  readonly everyMs: number;
  readonly onError: (error: unknown) => void;
}

/** Looks round at intervals and does what is due, each kind in lanes of its own: one that is slow keeps only itself waiting. */
export class Rounds {
  readonly #options: RoundsOptions;
  readonly #lanes = new Map<string, Set<Promise<void>>>();
  #timer: NodeJS.Timeout | undefined;
  readonly #looks = new SharedLook(() => this.#lookOnce());
  #running = false;
  #stopping = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = true;
    this.wake();
  }

  /** Looks now instead of at the next interval. */
  wake(): void {
    if (!this.#running) return;
    clearTimeout(this.#timer);
    void this.#looks.take().then(() => {
      clearTimeout(this.#timer);
      if (this.#running) this.#timer = setTimeout(() => this.wake(), this.#options.everyMs);
    });
  }

  /** Takes nothing more and waits for what is under way. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#stopping = true;
    clearTimeout(this.#timer);
    await this.#looks.idle();
    await this.#idle();
    this.#stopping = false;
  }

  /** Resolves when nothing is due. Works without `start`, too. */
  async settle(): Promise<void> {
    while ((await this.#looks.take()) > 0) await this.#idle();
    await this.#idle();
  }

  /** Answers how much was due. */
  async #lookOnce(): Promise<number> {
    if (this.#stopping) return 0;
    try {
      const chores = await this.#options.due();
      for (const chore of chores) if (!this.#stopping && (this.#lanes.get(chore.key)?.size ?? 0) === 0) this.#openLane(chore);
      return chores.length;
    } catch (error) {
      this.#options.onError(error);
      return 0;
    }
  }

  #openLane(chore: Chore): void {
    const lanes = this.#lanes.get(chore.key) ?? new Set();
    this.#lanes.set(chore.key, lanes);
    const lane = this.#work(chore, lanes).finally(() => {
      lanes.delete(lane);
      if (lanes.size === 0) this.#lanes.delete(chore.key);
    });
    lanes.add(lane);
  }

  /** Each piece found opens one more lane: where there was one there may be another. */
  async #work(chore: Chore, lanes: ReadonlySet<Promise<void>>): Promise<void> {
    try {
      while (!this.#stopping) {
        const piece = await chore.take();
        if (piece === undefined) return;
        if (lanes.size < chore.most && !this.#stopping) this.#openLane(chore);
        await piece();
      }
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async #idle(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.all([...this.#lanes.values()].flatMap((lanes) => [...lanes]));
  }
}
