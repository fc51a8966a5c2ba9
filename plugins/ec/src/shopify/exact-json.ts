/** The engine hands over how a number was written; the types do not know of that yet. */
type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

const exact: Reviver = (_key, value, context) =>
  typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? (context?.source ?? value) : value;

/** JSON whose whole numbers beyond 2^53 become texts with all their digits: Shopify's ids are 64 bits wide. `undefined` where it is no JSON. */
export function exactJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'), exact as (key: string, value: unknown) => unknown);
  } catch {
    return undefined;
  }
}
