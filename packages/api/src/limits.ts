import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

export interface Limits {
  /** Characters of one document. */
  readonly characters: number;
  /** Words and signs of one document, counted while it is parsed. */
  readonly tokens: number;
  /** Levels of fields. */
  readonly depth: number;
  /** Fields, fragments spread out. */
  readonly fields: number;
  /** Fields renamed with an alias. */
  readonly aliases: number;
  /** Values an answer may hold at most, page sizes multiplied. */
  readonly complexity: number;
}

export const defaultLimits: Limits = { characters: 20_000, tokens: 5_000, depth: 15, fields: 1_000, aliases: 50, complexity: 50_000 };

interface Measure {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
}

const nothing: Measure = { depth: 0, fields: 0, aliases: 0 };

/** Refuses documents that are too deep or too large, before any of it runs. Each refusal names the limit and what was asked. */
export const limitRule =
  (limits: Limits): ValidationRule =>
  (context: ValidationContext): ASTVisitor => ({
    Document(document) {
      const characters = document.loc?.source.body.length ?? 0;
      const { depth, fields, aliases } = measure(document);
      const refuse = (code: string, message: string, numbers: { limit: number; actual: number }): void =>
        context.reportError(new GraphQLError(message, { nodes: document.definitions[0] ?? null, extensions: { code, ...numbers } }));
      if (characters > limits.characters) context.reportError(tooLong(characters, limits.characters));
      if (depth > limits.depth)
        refuse('QUERY_TOO_DEEP', `This query is ${depth} levels deep; the limit is ${limits.depth}.`, {
          limit: limits.depth,
          actual: depth,
        });
      if (fields > limits.fields)
        refuse('QUERY_TOO_LARGE', `This query asks for ${fields} fields; the limit is ${limits.fields}.`, {
          limit: limits.fields,
          actual: fields,
        });
      if (aliases > limits.aliases)
        refuse('TOO_MANY_ALIASES', `This query renames ${aliases} fields; the limit is ${limits.aliases}.`, {
          limit: limits.aliases,
          actual: aliases,
        });
    },
  });

/** Each fragment is measured once, so that fragments nested in fragments cost nothing to refuse. */
function measure(document: DocumentNode): Measure {
  const fragments = new Map(
    document.definitions.flatMap((one): [string, FragmentDefinitionNode][] =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [],
    ),
  );
  const known = new Map<string, Measure>();
  const ofFragment = (name: string): Measure => {
    const ready = known.get(name);
    if (ready) return ready;
    // A fragment that contains itself is refused by another rule; here it must only end.
    known.set(name, nothing);
    const fragment = fragments.get(name);
    const measured = fragment ? ofSet(fragment.selectionSet) : nothing;
    known.set(name, measured);
    return measured;
  };
  const ofSet = (set: SelectionSetNode | undefined): Measure => (set?.selections ?? []).map(ofNode).reduce(beside, nothing);
  const ofNode = (node: SelectionSetNode['selections'][number]): Measure => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return ofFragment(node.name.value);
    if (node.kind === Kind.INLINE_FRAGMENT) return ofSet(node.selectionSet);
    // The schema's own description is finite and asked for by every tool, with a deep standard question.
    if (node.name.value.startsWith('__')) return nothing;
    const inner = ofSet(node.selectionSet);
    return { depth: inner.depth + 1, fields: inner.fields + 1, aliases: inner.aliases + (node.alias ? 1 : 0) };
  };
  return document.definitions
    .map((one) => (one.kind === Kind.OPERATION_DEFINITION ? ofSet(one.selectionSet) : nothing))
    .reduce(beside, nothing);
}

const beside = (a: Measure, b: Measure): Measure => ({
  depth: Math.max(a.depth, b.depth),
  fields: a.fields + b.fields,
  aliases: a.aliases + b.aliases,
});

/** Refuses a document by its length before it is parsed. */
export function requireShort(source: string, { characters }: Limits): void {
  if (source.length > characters) throw tooLong(source.length, characters);
}

const tooLong = (actual: number, limit: number): GraphQLError =>
  new GraphQLError(`This query has ${actual} characters; the limit is ${limit}. Put data into variables.`, {
    extensions: { code: 'QUERY_TOO_LARGE', limit, actual, http: { status: 400 } },
  });
