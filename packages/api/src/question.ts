import type { Selected, Selection } from '@enishi/core';
import { createParameterDecorator } from 'type-graphql';
import type { GraphContext } from './context.ts';
import { selectedBy } from './selection.ts';

/** One field being asked: who asks, and what they want to know of the answer. */
export interface Question extends GraphContext {
  /** The field with its arguments and what is selected below it. */
  readonly selected: () => Selected;
  /** What is selected of the answer; name the type where it may be one of several. */
  readonly selection: (typeName?: string) => Selection;
}

/** Hands a resolver its question. */
export const Asked = (): ParameterDecorator =>
  createParameterDecorator<GraphContext>(
    ({ context, info }): Question => ({
      ...context,
      selected: () => selectedBy(info),
      selection: (typeName) => selectedBy(info, typeName).select ?? [],
    }),
  ) as ParameterDecorator;
