const hidden = '[redacted]';
/** A shorter one is no secret worth the name, and would blacken ordinary words. */
const shortest = 4;
const deepest = 8;

/** Takes a plugin's own secrets out of whatever it writes: in texts, nested anywhere, as names of fields even. */
export function redactorOf(secrets: readonly string[]): <TValue>(value: TValue) => TValue {
  // The longest first: a secret that begins with another would otherwise leave its end behind.
  const known = secrets
    .filter((secret) => secret.length >= shortest)
    .flatMap((secret) => [...new Set([secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])])
    .sort((left, right) => right.length - left.length);
  const inText = (text: string): string => known.reduce((rest, secret) => rest.replaceAll(secret, hidden), text);
  const walk = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return inText(value);
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    if (depth === 0) return hidden;
    if (value instanceof Error) return { type: value.name, message: inText(value.message), stack: inText(value.stack ?? '') };
    if (Array.isArray(value)) return value.map((item) => walk(item, depth - 1));
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [inText(name), walk(inner, depth - 1)]));
  };
  return <TValue>(value: TValue) => walk(value, deepest) as TValue;
}
