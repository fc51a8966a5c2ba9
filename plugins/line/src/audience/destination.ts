import { type AudienceChange, type AudienceDestination, audience, ComeBackLater, type Desk, type Outcome } from '@enishi/plugin-sdk';
import { z } from 'zod';
import type { Ask } from '../api.ts';
import { outcomeOfError } from '../failure.ts';
import { addTo } from './add.ts';
import { heldOf, knownAs, namesOf } from './group.ts';
import { replaceAudience } from './replace.ts';

/** Which audience. Its name in LINE's manager, unique there whatever its case. */
export const whichAudience = z.strictObject({ audience: z.string().trim().min(1).max(120) });

type Which = z.output<typeof whichAudience>;

const sixHours = 6 * 3600;
const month = 30 * 86_400;

/**
 * Audiences of user ids, for messages to many from LINE's own manager. LINE adds people but takes nobody out: who has to go is
 * waited for until the audience is made anew, and is never reported as gone before.
 */
export const lineAudience = (ask: Ask): AudienceDestination =>
  audience({
    description: 'Audiences of LINE user ids. Taking people out needs the audience to be made anew.',
    purpose: 'advertising',
    channel: 'line',
    address: 'line.user',
    message: whichAudience,
    batchSize: 500,
    // LINE: 60 calls in a minute. Adding is one, at most three where the audience has to be found or made.
    limits: [{ calls: 20, perSeconds: 60 }],
    apply: async (changes, desk) => {
      const [first] = changes;
      if (first === undefined) return [];
      const { audience: name } = first.message;
      return first.operation === 'ADD' ? add(name, changes, { desk, ask }) : remove(name, changes, { desk, ask });
    },
    replace: ({ audience: name }, everybody, desk) => replaceAudience(name, everybody, { desk, ask }),
    onErase: async ({ id }, desk) => {
      const names = await namesOf(desk);
      const left = await stale(names, await since(`erased/${id}`, desk), desk);
      if (left.length > 0) throw new ComeBackLater(sixHours, `still in audiences of LINE until they are made anew: ${left.join(', ')}`);
    },
  });

interface At {
  readonly desk: Desk;
  readonly ask: Ask;
}

async function add(name: string, changes: readonly AudienceChange<Which>[], at: At): Promise<Outcome[]> {
  const userIds = changes.map(({ recipient }) => recipient.identifiers['line.user']?.[0]);
  const known = userIds.filter((id) => id !== undefined);
  const outcome = await tried(at.desk, async () => {
    if (known.length > 0) await addTo(name, known, at);
    return { status: 'delivered' };
  });
  return userIds.map((id) => (id === undefined ? nobody : outcome));
}

const nobody: Outcome = { status: 'rejected', reason: 'the customer has no LINE account' };

async function remove(name: string, changes: readonly AudienceChange<Which>[], { desk, ask }: At): Promise<Outcome[]> {
  const failure = await tried(desk, async () => ((await knownAs(name, { desk, ask })) === undefined ? { status: 'delivered' } : undefined));
  return Promise.all(
    changes.map(async ({ id, recipient }) => {
      if (recipient.identifiers['line.user'] === undefined) return nobody;
      return failure ?? waiting(name, await since(`removal/${id}`, desk), desk);
    }),
  );
}

async function tried<TOutcome extends Outcome | undefined>(desk: Desk, work: () => Promise<TOutcome>): Promise<TOutcome | Outcome> {
  try {
    return await work();
  } catch (error) {
    return outcomeOfError(error, desk.now());
  }
}

async function waiting(name: string, asked: number, desk: Desk): Promise<Outcome> {
  const [left] = await stale([name], asked, desk);
  if (left === undefined) return { status: 'delivered' };
  return { status: 'waiting', reason: `LINE takes nobody out of an audience: "${name}" has to be made anew`, afterSeconds: sixHours };
}

/** When this was first asked for. */
async function since(key: string, desk: Desk): Promise<number> {
  const asked = (await desk.state.get<number>(key)) ?? desk.now().getTime();
  await desk.state.set(key, asked, { forSeconds: month });
  return asked;
}

/** The audiences that were not made anew since then. */
async function stale(names: readonly string[], asked: number, desk: Desk): Promise<string[]> {
  const held = await Promise.all(names.map((name) => heldOf(desk, name)));
  return names.filter((_name, index) => (held[index]?.madeAt ?? asked) < asked);
}
