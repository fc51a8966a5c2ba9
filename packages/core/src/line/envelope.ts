import { type ConsentDecision, consentWord } from '@enishi/plugin-sdk';
import { z } from 'zod';

/** What surrounds an event's properties, in its right shape. */
export interface Envelope {
  readonly type: string;
  readonly at?: Date | undefined;
  readonly identifiers: Readonly<Record<string, string | number | null | undefined>>;
  readonly properties?: unknown;
  readonly traits?: readonly (readonly [trait: string, value: unknown])[] | undefined;
  readonly consents?: readonly ConsentDecision[] | undefined;
  readonly context?: Readonly<Record<string, unknown>> | null | undefined;
}

const instant = z.union([z.date(), z.iso.datetime({ offset: true }).transform((text) => new Date(text))]);

const envelope = z.object({
  id: z.string().min(1).max(200).optional(),
  type: z.string().min(1).max(200),
  at: instant.optional(),
  identifiers: z.record(z.string(), z.union([z.string(), z.number(), z.null()]).optional()),
  properties: z.unknown().optional(),
  traits: z
    .union([
      z
        .array(z.object({ trait: z.string(), value: z.unknown() }))
        .transform((list) => list.map(({ trait, value }) => [trait, value] as const)),
      z.record(z.string(), z.unknown()).transform((record) => Object.entries(record)),
    ])
    .optional(),
  consents: z
    .array(
      z.object({
        purpose: consentWord,
        channel: consentWord,
        scope: z.string().min(1).max(60).optional(),
        state: z.enum(['GIVEN', 'REFUSED', 'WITHDRAWN']),
        evidence: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .max(50)
    .optional(),
  context: z.record(z.string(), z.unknown()).nullish(),
});

const instantPattern = z.regexes.datetime({ offset: true });

/** When a plain event happened; `null` where that wants a closer look. */
function timeOf(at: unknown): Date | undefined | null {
  if (at === undefined) return undefined;
  const time = typeof at === 'string' && instantPattern.test(at) ? new Date(at) : at;
  return time instanceof Date && !Number.isNaN(time.getTime()) ? time : null;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0 && value.length <= 200;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype && !Object.hasOwn(value, '__proto__');

function areIdentifiers(value: unknown): value is Envelope['identifiers'] {
  if (!isRecord(value)) return false;
  for (const namespace in value) if (typeof value[namespace] !== 'string') return false;
  return true;
}

/** The pairs of a list as plugins' drafts have it, or of a record as callers send it. */
function pairsOf(traits: unknown): Envelope['traits'] | null {
  if (traits === undefined) return undefined;
  if (isRecord(traits)) return Object.entries(traits);
  if (!Array.isArray(traits)) return null;
  const pairs: (readonly [string, unknown])[] = [];
  for (const item of traits as readonly unknown[]) {
    if (!isRecord(item) || typeof item.trait !== 'string' || !('value' in item)) return null;
    pairs.push([item.trait, item.value]);
  }
  return pairs;
}

/**
 * Most events are as they should be and plain: those are told at a glance, without being copied. `undefined` where a closer
 * look is needed; a test holds the two to the same answer.
 */
export function plainEnvelope(submission: object): Envelope | undefined {
  const { id, type, at, identifiers, properties, traits, consents, context } = submission as Record<string, unknown>;
  const pairs = pairsOf(traits);
  const time = timeOf(at);
  const plain =
    pairs !== null &&
    (id === undefined || isText(id)) &&
    isText(type) &&
    time !== null &&
    areIdentifiers(identifiers) &&
    consents === undefined &&
    (context === undefined || context === null || isRecord(context));
  return plain ? { type, at: time, identifiers, properties, traits: pairs, context } : undefined;
}

/** The envelope, or everything that is wrong with it. */
export const parseEnvelope = (submission: object): z.ZodSafeParseResult<Envelope> =>
  envelope.safeParse(submission) as z.ZodSafeParseResult<Envelope>;
