import { createHash } from 'node:crypto';
import { type Arguments, type Selected, type Selection, slotOf, type Tree } from '@enishi/core';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql';

type Info = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues'>;

/** PostgreSQL cuts longer names, and two that were cut could meet. */
const plainSlot = /^\w{1,60}$/;

/**
 * Under which name the answer carries a field. Fields without arguments are read once however often they are asked;
 * the others once per name the client gave them.
 */
function slot(field: GraphQLField<unknown, unknown>, responseName: string): string {
  if (field.args.length === 0 || responseName === field.name) return field.name;
  return plainSlot.test(responseName) ? `@${responseName}` : `@@${createHash('sha256').update(responseName).digest('hex').slice(0, 40)}`;
}

/** What the client wants to know of the field being resolved; with `typeName`, where the field may answer one of several types. */
export function selectedBy(info: GraphQLResolveInfo, typeName?: string): Selected {
  const type = typeName === undefined ? getNamedType(info.returnType) : info.schema.getType(typeName);
  const field = info.parentType.getFields()[info.fieldName];
  const node = info.fieldNodes[0];
  if (field === undefined || node === undefined) throw new TypeError(`${info.fieldName} has no selection`);
  const as = slot(field, String(info.path.key));
  return {
    field: info.fieldName,
    ...(as !== info.fieldName && { as }),
    args: plain(getArgumentValues(field, node, info.variableValues)),
    ...(isObjectType(type) && { select: remembered(info, type) }),
  };
}

/** What was read for the field being resolved, or undefined where its object did not come out of the one statement. */
export function valueIn(object: Tree, info: GraphQLResolveInfo): unknown {
  const field = info.parentType.getFields()[info.fieldName];
  return field && object[slot(field, String(info.path.key))];
}

/** What the client wants to know one step further down, such as the `node` of a connection. */
export const below = (selected: Selected, ...path: readonly string[]): Selection =>
  path.reduce<Selection>((selection, field) => selection.find((one) => slotOf(one) === field)?.select ?? [], selected.select ?? []);

interface Remembered {
  readonly variables: readonly string[];
  readonly selections: Map<string, Selection>;
}
const memory = new WeakMap<FieldNode, Remembered>();
const mostRemembered = 100;

/** The server keeps parsed documents, so the same question in other words of its variables is only walked where those matter. */
function remembered(info: GraphQLResolveInfo, type: GraphQLObjectType): Selection {
  const sets = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const [node] = info.fieldNodes;
  if (node === undefined || info.fieldNodes.length > 1) return collect(sets, type, info);
  const known = memory.get(node) ?? { variables: variablesBelow(node, info.fragments), selections: new Map<string, Selection>() };
  memory.set(node, known);
  const key = `${type.name} ${JSON.stringify(known.variables.map((name) => info.variableValues[name] ?? null))}`;
  const selection = known.selections.get(key) ?? collect(sets, type, info);
  if (known.selections.size < mostRemembered) known.selections.set(key, selection);
  return selection;
}

function variablesBelow(node: FieldNode, fragments: Readonly<Record<string, FragmentDefinitionNode>>): string[] {
  const names = new Set<string>();
  const seen = new Set<string>();
  const look = (set: SelectionSetNode): void => {
    visit(set, {
      Variable: ({ name }) => void names.add(name.value),
      FragmentSpread: ({ name }) => {
        const fragment = fragments[name.value];
        if (fragment === undefined || seen.has(name.value)) return;
        seen.add(name.value);
        for (const directive of fragment.directives ?? []) visit(directive, { Variable: ({ name: one }) => void names.add(one.value) });
        look(fragment.selectionSet);
      },
    });
  };
  if (node.selectionSet) look(node.selectionSet);
  return [...names].sort();
}

interface Collected {
  readonly field: GraphQLField<unknown, unknown>;
  readonly slot: string;
  readonly nodes: FieldNode[];
}

function collect(sets: readonly SelectionSetNode[], type: GraphQLObjectType, info: Info): Selection {
  const found = new Map<string, Collected>();
  for (const set of sets) gather(set, type, { info, found });
  return [...found.values()].map(({ field, slot: as, nodes }) => selected(field, as, { nodes, info }));
}

function selected(
  field: GraphQLField<unknown, unknown>,
  as: string,
  { nodes, info }: { nodes: readonly FieldNode[]; info: Info },
): Selected {
  const [node] = nodes;
  const target = objectIn(field.type);
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  return {
    field: field.name,
    ...(as !== field.name && { as }),
    ...(field.args.length > 0 && node && { args: plain(getArgumentValues(field, node, info.variableValues)) }),
    ...(target && { select: collect(sets, target, info) }),
  };
}

const objectIn = (type: GraphQLOutputType): GraphQLObjectType | undefined => {
  const named = getNamedType(type);
  return isObjectType(named) ? named : undefined;
};

function gather(set: SelectionSetNode, type: GraphQLObjectType, into: { info: Info; found: Map<string, Collected> }): void {
  const { info, found } = into;
  for (const node of set.selections) {
    if (getDirectiveValues(GraphQLSkipDirective, node, info.variableValues)?.if === true) continue;
    if (getDirectiveValues(GraphQLIncludeDirective, node, info.variableValues)?.if === false) continue;
    if (node.kind === Kind.FIELD) {
      const field = type.getFields()[node.name.value];
      if (field === undefined) continue;
      const as = slot(field, node.alias?.value ?? node.name.value);
      const known = found.get(as);
      if (known) known.nodes.push(node);
      else found.set(as, { field, slot: as, nodes: [node] });
    } else {
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : info.fragments[node.name.value];
      if (fragment && applies(fragment.typeCondition?.name.value, type, info)) gather(fragment.selectionSet, type, into);
    }
  }
}

function applies(condition: string | undefined, type: GraphQLObjectType, { schema }: Info): boolean {
  if (condition === undefined || condition === type.name) return true;
  const abstract = schema.getType(condition);
  return abstract !== undefined && isAbstractType(abstract) && schema.isSubType(abstract, type);
}

/** Arguments as core takes them: times as text, nothing where null was given. */
function plain(args: Record<string, unknown>): Arguments {
  const entries = Object.entries(args).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]));
}
