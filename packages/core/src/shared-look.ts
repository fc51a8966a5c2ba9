/** Looks one at a time. All who ask during a look share one more behind it: what they mean may have been missed. */
export class SharedLook {
  readonly #lookOnce: () => Promise<number>;
  #again = false;
  #underWay: Promise<number> | undefined;

  /** `lookOnce` answers how much it found, and never throws. */
  constructor(lookOnce: () => Promise<number>) {
    this.#lookOnce = lookOnce;
  }

  /** Answers how much was found by all looks that it took. */
  take(): Promise<number> {
    this.#again = true;
    this.#underWay ??= this.#untilQuiet();
    return this.#underWay;
  }

  /** Resolves when nobody looks. */
  async idle(): Promise<void> {
    await this.#underWay;
  }

  async #untilQuiet(): Promise<number> {
    let found = 0;
    while (this.#again) {
      this.#again = false;
      found += await this.#lookOnce();
    }
    this.#underWay = undefined;
    return found;
  }
}
