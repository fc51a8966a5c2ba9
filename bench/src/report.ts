/** The one line a benchmark ends with. A ratio is always against something measured in the same run. */
export interface Report {
  readonly bench: string;
  readonly metric: string;
  readonly value: number;
  readonly baseline: number;
  readonly ratio: number;
  readonly target: number;
  readonly pass: boolean;
}

const round = (value: number): number => Number(value.toPrecision(4));

export function report({ value, baseline, ratio, ...rest }: Report): void {
  process.stdout.write(`${JSON.stringify({ ...rest, value: round(value), baseline: round(baseline), ratio: round(ratio) })}\n`);
}

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
