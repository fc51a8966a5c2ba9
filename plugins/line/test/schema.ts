import { Ajv2019, type ValidateFunction } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';

export type Schema = { readonly [keyword: string]: unknown };
export type Compile = (schema: Schema, how: 'strict' | 'open') => (value: unknown) => string[];

/** `strict` refuses properties the contract does not name: a misspelt one would be ignored by LINE in silence. */
export function compilerOf(schemas: Readonly<Record<string, Schema>>): Compile {
  const compiled = { strict: engine(schemas, true), open: engine(schemas, false) };
  const known = new Map<string, ValidateFunction>();
  return (schema, how) => (value) => {
    const { ajv } = compiled[how];
    const key = `${how}${JSON.stringify(schema)}`;
    const validate = known.get(key) ?? ajv.compile(compiled[how].made(schema));
    known.set(key, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
  };
}

function engine(schemas: Readonly<Record<string, Schema>>, strict: boolean) {
  const ajv = new Ajv2019({ strict: false, allErrors: false });
  addFormats.default(ajv);
  const bases = new Set(Object.entries(schemas).flatMap(([name, schema]) => ('discriminator' in schema ? [name] : [])));
  const extended = new Set(Object.values(schemas).flatMap((schema) => partsOf(schema)));
  const $defs: Record<string, unknown> = {};
  const refTo = (ref: string, within: boolean): string => {
    const name = ref.split('/').at(-1) ?? '';
    return `line#/$defs/${within && bases.has(name) ? `${name}.own` : name}`;
  };
  /** JSON Schema of an OpenAPI 3.0 schema. Inside `allOf` a base stands for its own properties alone. */
  const made = (schema: unknown, within = false): Schema => {
    const { discriminator: _names, nullable, ...rest } = schema as Schema;
    const result: Record<string, unknown> = { ...rest };
    if (typeof rest.$ref === 'string') return { $ref: refTo(rest.$ref, within) };
    if (nullable === true) result.type = [rest.type, 'null'];
    if (Array.isArray(rest.allOf)) result.allOf = rest.allOf.map((part) => made(part, true));
    if (Array.isArray(rest.oneOf)) result.oneOf = rest.oneOf.map((part) => made(part));
    if (rest.items !== undefined) result.items = made(rest.items);
    if (typeof rest.additionalProperties === 'object') result.additionalProperties = made(rest.additionalProperties);
    if (typeof rest.properties === 'object' && rest.properties !== null)
      result.properties = Object.fromEntries(Object.entries(rest.properties).map(([name, inner]) => [name, made(inner)]));
    return result;
  };
  const closed = (schema: Schema): Schema =>
    strict && (schema.properties || schema.allOf) ? { ...schema, unevaluatedProperties: false } : schema;
  for (const [name, schema] of Object.entries(schemas)) {
    const { mapping = {}, propertyName = 'type' } = (schema.discriminator ?? {}) as {
      mapping?: Record<string, string>;
      propertyName?: string;
    };
    const kinds = Object.entries(mapping);
    if (kinds.length === 0) {
      $defs[name] = extended.has(name) || isPartOfBase(schema, bases) ? made(schema) : closed(made(schema));
      continue;
    }
    $defs[`${name}.own`] = made(schema);
    const choose = kinds.map(([value, ref]) => ({
      if: { required: [propertyName], properties: { [propertyName]: { const: value } } },
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema.
      then: { $ref: refTo(ref, false) },
    }));
    const known = strict ? [{ properties: { [propertyName]: { enum: kinds.map(([value]) => value) } } }] : [];
    $defs[name] = closed({ allOf: [{ $ref: `line#/$defs/${name}.own` }, ...known, ...choose] });
  }
  ajv.addSchema({ $id: 'line', $defs });
  return { ajv, made: (schema: Schema) => made(schema) };
}

function partsOf({ allOf }: Schema): string[] {
  return Array.isArray(allOf)
    ? allOf.flatMap(({ $ref }: { $ref?: string }) => ($ref === undefined ? [] : [$ref.split('/').at(-1) ?? '']))
    : [];
}

const isPartOfBase = (schema: Schema, bases: ReadonlySet<string>): boolean => partsOf(schema).some((name) => bases.has(name));
