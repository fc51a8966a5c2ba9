import { slotOf, type Tree } from '@enishi/core';
import { createParameterDecorator } from 'type-graphql';
import type { GraphContext } from './context.ts';
import { selectedBy, valueIn } from './selection.ts';

/**
 * What the operation's one statement brought for this field of a customer or segment. An object that came otherwise, with only
 * its id or key (from a plugin's own query, from a subscription), is read now: one statement for all that ask the same.
 */
const fromStatement = (
  read: (context: GraphContext, object: Tree, selection: ReturnType<typeof selectedBy>) => Promise<Tree | undefined>,
) =>
  createParameterDecorator<GraphContext>(({ root, info, context }) => {
    const value = valueIn(root as Tree, info);
    if (value !== undefined) return value;
    const wanted = selectedBy(info);
    return read(context, root as Tree, wanted).then((tree) => tree?.[slotOf(wanted)] ?? null);
  }) as ParameterDecorator;

export const OfCustomer = (): ParameterDecorator =>
  fromStatement(({ reader, workspace }, { id }, wanted) => reader.customer(workspace.id, String(id), [wanted]));

export const OfSegment = (): ParameterDecorator =>
  fromStatement(({ reader, workspace }, { key }, wanted) => reader.segment(workspace.id, String(key), [wanted]));
