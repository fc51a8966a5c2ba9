type Revive = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
// The compiler does not know the third argument of the reviver yet.
const parse = JSON.parse as (text: string, revive: Revive) => unknown;

/** Parses JSON whose numbers may be ids beyond 2^53: those become texts with all their digits, or two people could become one. */
export const readJson = (text: string): unknown =>
  parse(text, (_key, value, { source }) =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && source !== undefined ? source : value,
  );
