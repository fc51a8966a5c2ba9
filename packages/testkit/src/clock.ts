/** A clock that stands still until it is moved. */
export interface Clock {
  readonly now: () => Date;
  /** Moves it on by this many seconds. */
  readonly advance: (seconds: number) => void;
  readonly set: (instant: Date | string) => void;
}

/** `const time = clock(); createDesk({ now: time.now }); time.advance(60)`. It begins on 5 January 2026, midnight in London. */
export function clock(beginning: Date | string = '2026-01-05T00:00:00.000Z'): Clock {
  let at = new Date(beginning).getTime();
  return {
    now: () => new Date(at),
    advance: (seconds) => {
      at += seconds * 1000;
    },
    set: (instant) => {
      at = new Date(instant).getTime();
    },
  };
}
