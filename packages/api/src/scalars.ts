import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';

const whole = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const database = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,3})?\+00:00$/;
const input = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/** Writes a time as `2026-11-21T09:30:00.000Z`, from a Date or from PostgreSQL's JSON. */
export function writeTime(value: unknown): string {
  if (typeof value === 'string') {
    if (whole.test(value)) return value;
    const parts = database.exec(value);
    if (parts) return `${parts[1]}.${(parts[2] ?? '.').slice(1).padEnd(3, '0')}Z`;
  }
  const time = value instanceof Date ? value : new Date(String(value));
  if (Number.isNaN(time.getTime())) throw new TypeError(`DateTime cannot represent ${JSON.stringify(value)}`);
  return time.toISOString();
}

function readTime(value: unknown): Date {
  const time = typeof value === 'string' && input.test(value) ? new Date(value) : undefined;
  if (time === undefined || Number.isNaN(time.getTime()))
    throw new GraphQLError(`A DateTime is written like 2026-11-21T09:30:00Z or 2026-11-21, not ${JSON.stringify(value)}`);
  return time;
}

export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description:
    'An instant in ISO 8601. Answers are in UTC with milliseconds: `2026-11-21T09:30:00.000Z`. Questions may use any offset, or a date alone (midnight UTC).',
  serialize: writeTime,
  parseValue: readTime,
  parseLiteral: (node) => {
    if (node.kind !== Kind.STRING) throw new GraphQLError('A DateTime is a string', { nodes: node });
    return readTime(node.value);
  },
});

export const Json = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value: object, list, text, number, true, false or null.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});
