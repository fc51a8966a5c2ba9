import { type AudienceChange, type AudienceDestination, audience, ComeBackLater, type Desk, type Outcome } from '@enishi/plugin-sdk';
import { z } from 'zod';
import type { Ask } from '../api.ts';
import { outcomeOfError } from '../failure.ts';
import { addTo } from './add.ts';
import { heldOf, namesOf } from './group.ts';
import { replaceAudience } from './replace.ts';

/** Which audience. Its name in LINE's manager, unique there whatever its case. */
export const whichAudience = z.strictObject({ audience: z.string().trim().min(1).max(120) });

type Which = z.output<typeof whichAudience>;

const hour = 3600;
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
      return first.operation === 'ADD'
        ? add(name, changes, { desk, ask })
        : Promise.all(changes.map((change) => removal(name, change, desk)));
    },
    replace: ({ audience: name }, everybody, desk) => replaceAudience(name, everybody, { desk, ask }),
    onErase: async ({ id }, desk) => {
      const names = await namesOf(desk);
      const waiting = await stale(names, await since(`erased/${id}`, desk), desk);
      if (waiting.length > 0) throw new ComeBackLater(hour, `still in audiences of LINE until they are made anew: ${waiting.join(', ')}`);
    },
  });

async function add(name: string, changes: readonly AudienceChange<Which>[], { desk, ask }: { desk: Desk; ask: Ask }): Promise<Outcome[]> {
  const userIds = changes.map(({ recipient }) => recipient.identifiers['line.user']?.[0]);
  const outcome = await tried(desk, () =>
    addTo(
      name,
      userIds.filter((id) => id !== undefined),
      { desk, ask },
    ),
  );
  return userIds.map((id) => (id === undefined ? { status: 'rejected', reason: 'the customer has no LINE account' } : outcome));
}

const tried = async (desk: Desk, work: () => Promise<void>): Promise<Outcome> => {
  try {
    await work();
    return { status: 'delivered' };
  } catch (error) {
    return outcomeOfError(error, desk.now());
  }
};

async function removal(name: string, { id }: AudienceChange<Which>, desk: Desk): Promise<Outcome> {
  if ((await heldOf(desk, name)) === undefined) return { status: 'delivered' };
  const waiting = await stale([name], await since(`removal/${id}`, desk), desk);
  if (waiting.length === 0) return { status: 'delivered' };
  const reason = `LINE takes nobody out of an audience: it has to be made anew ("${name}")`;
  return { status: 'retry', reason, afterSeconds: hour };
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
