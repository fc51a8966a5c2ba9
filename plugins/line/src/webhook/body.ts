import { z } from 'zod';

const source = z.looseObject({
  type: z.string(),
  userId: z.string().optional(),
  groupId: z.string().optional(),
  roomId: z.string().optional(),
});

/** What all events have. Kinds and fields that LINE adds are let through: "Webhook event objects" says they will come. */
const event = z.looseObject({
  type: z.string().min(1).max(100),
  mode: z.string().default('active'),
  timestamp: z.int(),
  webhookEventId: z.string().min(1).max(100),
  source: source.optional(),
  replyToken: z.string().optional(),
});

export type LineEvent = z.output<typeof event>;

/** `events` is empty when the console's "Verify" button asks whether anybody is there. */
export const body = z.looseObject({ destination: z.string(), events: z.array(event).max(1000) });

export type LineBody = z.output<typeof body>;
