import { z } from 'zod';
import { graphId } from '../graph/page.ts';

const change = z.looseObject({ field: z.string(), value: z.unknown() });

/** What Facebook sends to a webhook: up to a thousand changes of one kind of object, in no order, now and then twice. */
export const notification = z.looseObject({
  object: z.string(),
  entry: z.array(
    z.looseObject({
      id: graphId,
      time: z.number().optional(),
      changes: z.array(change).default([]),
      changed_fields: z.array(z.string()).default([]),
      messaging: z.array(z.unknown()).default([]),
    }),
  ),
});

export type Entry = z.output<typeof notification>['entry'][number];
export type Change = Entry['changes'][number];

/** Times come in seconds with changes and in milliseconds with messages. */
export const instant = (number: number): Date => new Date(number > 1e11 ? number : number * 1000);
