import type { Draft } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { locationShared, messageReceived } from '../events.ts';
import type { Settings } from '../settings.ts';
import type { Base } from './drafts.ts';

const text = z.object({ text: z.string() });
const sticker = z.object({ packageId: z.string(), stickerId: z.string() });
const location = z.object({
  latitude: z.number(),
  longitude: z.number(),
  title: z.string().optional(),
  address: z.string().optional(),
});

interface LineMessage {
  readonly id: string;
  readonly type: string;
}

/** What somebody wrote is kept only where the settings say so: it may hold anything, and cannot be taken out of an event later. */
export function messageDraft(message: LineMessage, base: Base, { keepText, keywords }: Settings['messages']): Draft {
  const [messageId, kind] = [message.id, message.type];
  if (kind === 'location') {
    const place = location.safeParse(message);
    if (place.success) return locationShared({ ...base, properties: { messageId, ...place.data } });
  }
  if (kind === 'text') {
    const written = text.safeParse(message).data?.text ?? '';
    const keyword = keywords.find((word) => plain(word) === plain(written));
    return messageReceived({
      ...base,
      properties: { messageId, kind, ...(keyword === undefined ? {} : { keyword }), ...(keepText ? { text: written } : {}) },
    });
  }
  const stuck = sticker.safeParse(message);
  const picture = stuck.success ? { sticker: `${stuck.data.packageId}/${stuck.data.stickerId}` } : {};
  return messageReceived({ ...base, properties: { messageId, kind, ...picture } });
}

// Full-width letters and capitals are how a phone's keyboard happens to be, not another word.
const plain = (word: string): string => word.normalize('NFKC').trim().toLowerCase();
