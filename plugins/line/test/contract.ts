import { readFileSync } from 'node:fs';
import { type Compile, compilerOf, type Schema } from './schema.ts';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema: Schema }[];
  readonly servers?: readonly { readonly url: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const documentOf = (name: string): Document => JSON.parse(readFileSync(new URL(`openapi/${name}.json`, import.meta.url), 'utf8'));

/** A call as it was made. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** Checks calls and answers against LINE's OpenAPI files. Each check answers what is wrong; nothing wrong is an empty list. */
export function contract(name: 'messaging-api' | 'manage-audience' | 'channel-access-token') {
  const { paths, components } = documentOf(name);
  const compile = compilerOf(components.schemas);
  const operationOf = ({ method, path }: Pick<Call, 'method' | 'path'>): Operation | undefined => {
    const found = Object.keys(paths).find((template) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
    return found === undefined ? undefined : paths[found]?.[method.toLowerCase()];
  };
  return {
    knows: (call: Pick<Call, 'method' | 'path'>): boolean => operationOf(call) !== undefined,
    /** The host the call belongs to, where it is not the usual one. */
    hostOf: (call: Pick<Call, 'method' | 'path'>): string | undefined => operationOf(call)?.servers?.[0]?.url,
    requestFaults: (call: Call): string[] => {
      const operation = operationOf(call);
      if (operation === undefined) return [`${call.method} ${call.path} is not in ${name}`];
      const type = call.headers['content-type']?.split(';')[0] ?? '';
      const content = operation.requestBody?.content;
      if (content !== undefined && !(type in content)) return [`${call.path} does not take ${type || 'no content type'}`];
      const body = content?.[type] === undefined ? [] : compile(content[type].schema, 'strict')(call.body);
      return [...parameterFaults(operation, call, compile), ...body].map((fault) => `${call.method} ${call.path}: ${fault}`);
    },
    answerFaults: (call: Pick<Call, 'method' | 'path'>, status: number, body: unknown): string[] => {
      const schema = operationOf(call)?.responses[status]?.content?.['application/json']?.schema;
      const known = schema ?? (status >= 400 ? components.schemas.ErrorResponse : undefined);
      return known === undefined ? [] : compile(known, 'open')(body).map((fault) => `${status} of ${call.path}: ${fault}`);
    },
  };
}

/** What is wrong with the body of a webhook. */
export const webhookFaults: (body: unknown) => string[] = compilerOf(documentOf('webhook').components.schemas)(
  { $ref: '#/components/schemas/CallbackRequest' },
  'open',
);

function parameterFaults({ parameters = [] }: Operation, { query, headers }: Call, compile: Compile): string[] {
  return parameters.flatMap((parameter) => {
    const value =
      parameter.in === 'header' ? headers[parameter.name.toLowerCase()] : parameter.in === 'query' ? query[parameter.name] : 'path';
    if (value === undefined) return parameter.required === true ? [`${parameter.name} is missing`] : [];
    if (parameter.in === 'path') return [];
    const { type } = parameter.schema;
    const typed = type === 'integer' ? Number(value) : type === 'boolean' ? value === 'true' : value;
    return compile(parameter.schema, 'open')(typed).map((fault) => `${parameter.name} ${fault}`);
  });
}
