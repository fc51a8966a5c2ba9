import { styleText } from 'node:util';

/** What a step saw, and whether that is what it said it would see. */
export interface Sight {
  readonly ok: boolean;
  readonly seen: string;
}

export interface Step {
  readonly title: string;
  readonly expected: string;
  readonly look: () => Promise<Sight>;
}

/** A step did not do what it says. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

/** Walks the steps in order, printing each one's expectation and result. Stops at the first that does not hold. */
export async function walk(steps: readonly Step[], print: (line: string) => void): Promise<void> {
  for (const [index, { title, expected, look }] of steps.entries()) {
    print(`\n${styleText('bold', `${index + 1}/${steps.length}  ${title}`)}`);
    print(`  expected  ${expected}`);
    const started = performance.now();
    const { ok, seen } = await look().catch((error: unknown) => ({
      ok: false,
      seen: error instanceof Error ? error.message : String(error),
    }));
    const took = `${Math.round(performance.now() - started)} ms`;
    print(`  seen      ${seen}  ${ok ? styleText('green', '✔') : styleText('red', '✘')} ${styleText('dim', took)}`);
    if (!ok) throw new StepFailed(`Step ${index + 1}, "${title}", did not do what it says.`);
  }
}

/** Resolves with the first answer, or fails with `what` after so many seconds: a tour must not wait for ever. */
export function within<TResult>(seconds: number, what: string, work: Promise<TResult>): Promise<TResult> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} within ${seconds} s: it did not come`)), seconds * 1000);
  return Promise.race([work, tooLate]).finally(() => clearTimeout(timer));
}
