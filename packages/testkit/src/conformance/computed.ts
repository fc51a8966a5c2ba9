import type { AnyEventType, Plugin } from '@enishi/plugin-sdk';

/** As much of JSON Schema as leads to a number. */
interface JsonSchema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

/** Sums over what is no number in the event's schema: they would be 0 for ever. Types refuse them; not everybody has types. */
export function computedFaults({ computedTraits = [] }: Plugin, events: ReadonlyMap<string, AnyEventType>): string[] {
  return computedTraits.flatMap(({ traitName, computation: { event, sum } }) => {
    const schema = events.get(event)?.schema;
    if (sum === undefined || schema === undefined) return [];
    // Every schema of zod is written as objects, never as the `true` and `false` that JSON Schema knows besides.
    const found = schema.toJSONSchema({ io: 'output', unrepresentable: 'any' }) as JsonSchema;
    return leadsToNumber(found, sum.split('.')) ? [] : [`${traitName} sums "${sum}", which is no number of "${event}"`];
  });
}

/** What JSON Schema cannot say, such as the outcome of a transform, may be a number. */
function leadsToNumber(schema: JsonSchema, [key, ...rest]: readonly string[]): boolean {
  const ways = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  if (key === undefined) return Object.keys(schema).every((word) => word.startsWith('$')) || ways.some(isNumber);
  return ways.some(({ properties }) => {
    const next = properties?.[key];
    return next !== undefined && leadsToNumber(next, rest);
  });
}

const isNumber = ({ type }: JsonSchema): boolean => type === 'number' || type === 'integer';
