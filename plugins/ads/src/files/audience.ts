import { createHash } from 'node:crypto';
import { type AudienceChange, type AudienceDestination, audience, type Outcome, type Recipient } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { type Telling, tell } from '../person.ts';
import { type Drop, listsIn, mustBeWritable, purge, write } from './drop.ts';

/** What a program holds for `ads.line` and `ads.yahoo`. */
export const fileMessage = z.strictObject({
  list: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'small letters, digits, - and _')
    .describe('Name of the list; its files lie in a folder of this name.'),
});
export type FileMessage = z.output<typeof fileMessage>;

export interface FileAudience {
  readonly drop: Drop;
  readonly telling: Telling;
  readonly address: readonly [string, ...string[]];
}

const nobody: Outcome = { status: 'rejected', reason: 'the customer has nothing that goes into these files' };

/** Lists of a platform that has no open API: files of changes, in the form its upload page takes, for somebody to upload in order. */
export function fileDestination({ drop, telling, address }: FileAudience): AudienceDestination {
  const linesOf = (recipient: Recipient): [string, string][] =>
    [...tell(recipient, telling)].flatMap(([value, lines]) => lines.map((line): [string, string] => [value, line]));

  const apply = async (changes: readonly AudienceChange<FileMessage>[], { now, workspace }: { now: () => Date; workspace: string }) => {
    const [first] = changes;
    if (first === undefined) return [];
    const lines = changes.map(({ recipient }) => linesOf(recipient));
    const id = idOf(changes.map((change) => change.id));
    const kind = first.operation === 'ADD' ? 'add' : 'remove';
    if (lines.some((own) => own.length > 0))
      await write(drop, { workspace, list: first.message.list, kind, id, now: now(), values: lines.flat() });
    return lines.map((own): Outcome => (own.length === 0 ? nobody : { status: 'delivered', reference: id }));
  };

  return audience({
    description: `Lists of ${drop.format.platform}, as files of hashed values to upload.`,
    purpose: 'advertising',
    channel: 'ads',
    address,
    message: fileMessage,
    batchSize: 10_000,
    apply,
    replace: async ({ list }, everybody, { now, workspace }) => {
      async function* values(): AsyncIterable<[string, string]> {
        for await (const recipient of everybody) yield* linesOf(recipient);
      }
      await write(drop, { workspace, list, kind: 'all', id: idOf([list, now().toISOString()]), now: now(), values: values() });
    },
    onErase: async (recipient, { now, workspace }) => {
      const lines = linesOf(recipient);
      if (lines.length === 0) return;
      const values = new Set(lines.map(([, line]) => line));
      for (const list of await listsIn(drop, workspace)) {
        await purge(drop, { workspace, list }, values);
        await write(drop, { workspace, list, kind: 'remove', id: idOf(['erase', recipient.id]), now: now(), values: lines });
      }
    },
    healthCheck: async () => {
      await mustBeWritable(drop).catch((error: Error) => {
        throw new Error(`The folder for ${drop.format.platform} cannot be written: ${error.message}`);
      });
    },
  });
}

const idOf = (words: readonly string[]): string => createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 12);
