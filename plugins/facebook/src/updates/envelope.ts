import { createHash } from 'node:crypto';
import type { Draft } from '@enishi/plugin-sdk';
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

/** Times come in seconds with changes and in milliseconds with messages. */
export const instant = (number: number): Date => new Date(number > 1e11 ? number : number * 1000);

/** A part of a notification in a shape nobody expects: kept aside by the line with the reason, so that it is not lost and harms no neighbour. */
export const unreadable = (kind: string, value: unknown, { entry, error }: { entry: Entry; error: z.ZodError }): Draft => ({
  type: `facebook.unreadable_${kind}`,
  id: `unreadable:${createHash('sha256')
    .update(JSON.stringify([entry.id, value]))
    .digest('hex')}`,
  at: instant(entry.time ?? 0),
  identifiers: {},
  properties: { entry_id: entry.id, reason: z.prettifyError(error), value },
});
