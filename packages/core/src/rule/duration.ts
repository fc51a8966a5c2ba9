import { durationPattern } from '@enishi/plugin-sdk';

const unit = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1000] as const;

/** Milliseconds of an ISO 8601 duration of fixed length (`P90D`, `P2W`, `PT12H`). The rule's schema has checked the form. */
export function milliseconds(duration: string): number {
  const parts = durationPattern.exec(duration)?.slice(1) ?? [];
  return unit.reduce((total, length, index) => total + length * Number(parts[index] ?? 0), 0);
}
