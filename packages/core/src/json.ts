/** PostgreSQL's jsonb holds neither the NUL character nor half a surrogate pair; JSON writes both as escapes. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** Whether a jsonb column can hold this JSON. */
export const isStorable = (json: string): boolean => !json.includes('\\u') || !unstorable.test(json);

/** Whether a value has more levels of objects and lists than these. Stops at the first that is too deep, so endless ones are no danger. */
export function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key];
    // Asked here, because every event comes this way and most of what it holds is text.
    if (typeof inner === 'object' && inner !== null && nestsDeeper(inner, levels - 1)) return true;
  }
  return false;
}

/** Whether a JSON text has so many brackets that it may be nested deeper than these levels: a cheap look that spares most events the walk. */
export function mayNestDeeper(json: string, levels: number): boolean {
  let brackets = 0;
  for (const bracket of ['{', '['])
    for (let at = json.indexOf(bracket); at >= 0 && brackets <= levels; at = json.indexOf(bracket, at + 1)) brackets += 1;
  return brackets > levels;
}

/** The value as it will come back from the database: what a schema made of it, such as a `Date`, becomes what JSON makes of that. */
export const asStored = <TValue>(value: TValue, json: string): TValue => (isPlain(value) ? value : (JSON.parse(json) as TValue));

function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'string' || typeof value === 'boolean' || value === null;
  if (Array.isArray(value)) return value.every(isPlain);
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key];
    if (typeof inner !== 'string' && inner !== undefined && !isPlain(inner)) return false;
  }
  return true;
}
