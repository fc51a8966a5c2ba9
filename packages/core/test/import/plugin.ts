import { definePlugin, event, type FileItem, file, UnusableFile } from '@enishi/plugin-sdk';
import { z } from 'zod';

const visit = event('visits.visited', z.object({ store: z.string() }), { description: 'Somebody came.' });

/** `id person` to a line. */
export const visitsFile = file({
  description: 'Visits of the tests.',
  options: z.object({ store: z.string().default('Ginza'), refuse: z.boolean().default(false) }),
  read: async function* (input, { store, refuse }): AsyncIterable<FileItem> {
    if (refuse) throw new UnusableFile('it is not wanted');
    const chunks: Uint8Array[] = [];
    for await (const chunk of input.open()) chunks.push(chunk);
    const lines = Buffer.concat(chunks).toString().split('\n');
    for (const [index, text] of lines.entries()) {
      const [, id, person] = /^(v\d+) (\S*)$/.exec(text) ?? [];
      if (text === '') continue;
      if (id === undefined || person === undefined) yield { lines: [index + 1], problem: 'not a visit', raw: text };
      else
        yield {
          lines: [index + 1],
          draft: visit({ id, at: new Date(Date.UTC(2026, 0, 1)), identifiers: { member: person }, properties: { store } }),
        };
    }
  },
});

export const visits = definePlugin({
  name: 'visits',
  description: 'Visits of the tests.',
  config: z.object({}),
  events: [visit],
  setup: () => ({ sources: { file: visitsFile } }),
});
