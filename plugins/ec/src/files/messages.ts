import type { FileInput, FileItem } from '@enishi/plugin-sdk';
import { documents } from '@enishi/plugin-sdk/files';
import { message, toDraft } from '../message.ts';

/** NDJSON: the messages of the webhook, one to a line. */
export async function* messagesIn(file: FileInput, shop: string | undefined): AsyncIterable<FileItem> {
  for await (const { lines, raw, value, problem } of documents(file)) {
    if (problem !== undefined) {
      yield { lines, raw, problem };
      continue;
    }
    const parsed = message.safeParse(value);
    if (parsed.success) yield { lines, draft: toDraft(parsed.data, shop) };
    else yield { lines, raw, problem: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') };
  }
}
