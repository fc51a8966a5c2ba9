import { DeliveryWorker, type Line, listDeliveries, type Submission, saveProgram, saveSegment } from '@enishi/core';
import { type AudienceChange, type Destination, definePlugin, type Rule, trait } from '@enishi/plugin-sdk';
import { createTestDomain } from '@enishi/testkit';
import { z } from 'zod';
import { type Apply, desksFor, fakeAudience } from '../world.ts';

const rank = trait('rank', z.enum(['silver', 'gold']), { description: 'Rank.' });
const shop = definePlugin({ name: 'shop', description: 'A shop.', config: z.object({}), traits: [rank] });
const gold: Rule = { trait: 'rank', is: 'gold' };

/** A partner's list as the partner has it, and every call it was made by. */
export class Partner {
  readonly inside = new Map<string, ReadonlySet<string>>();
  readonly calls: { readonly operation: string; readonly people: readonly string[] }[] = [];

  readonly apply: Apply = async (changes) => {
    this.calls.push({ operation: [...new Set(changes.map(({ operation }) => operation))].join('+'), people: changes.map(emailOf) });
    for (const change of changes) this.#change(change);
    return changes.map(() => ({ status: 'delivered' }));
  };

  get people(): string[] {
    return [...this.inside.values()].flatMap((emails) => [...emails]).sort();
  }

  #change({ operation, message, recipient }: AudienceChange<{ list: string }>): void {
    const list = new Set(this.inside.get(message.list));
    for (const email of recipient.identifiers.email ?? []) {
      if (operation === 'ADD') list.add(email);
      else list.delete(email);
    }
    this.inside.set(message.list, list);
  }
}

const emailOf = ({ recipient }: AudienceChange<unknown>): string => recipient.identifiers.email?.join(' ') ?? '?';

/** The whole line in front of one audience `fake.list`, which follows the segment `gold`. */
export async function createAudienceWorld(options: { readonly apply?: Apply; readonly settings?: object } = {}) {
  await using stack = new AsyncDisposableStack();
  let now = new Date('2026-04-01T00:00:00Z');
  const domain = stack.use(await createTestDomain({ plugins: [shop({})], now: () => now }));
  const { database, line, workspace } = domain;
  const partner = new Partner();
  const destination = fakeAudience(options.apply ?? partner.apply, options.settings);
  const destinations = new Map<string, Destination>([['fake.list', destination]]);
  const desks = desksFor(database);
  stack.defer(() => desks.close());
  const worker = new DeliveryWorker({ database, destinations, desks, now: () => now, random: () => 0.5 });
  stack.defer(() => worker.stop());
  await saveSegment(line, workspace, { key: 'gold', name: 'Gold', rule: gold });
  const program = (more: object = {}) =>
    saveProgram({ database, destinations, now: () => now }, workspace, {
      key: 'golden',
      name: 'Golden',
      segment: 'gold',
      trigger: 'BOTH',
      destination: 'fake.list',
      message: { list: 'gold' },
      ...more,
    });
  await program();
  const open = stack.move();
  return {
    ...domain,
    partner,
    worker,
    desks,
    destinations,
    program,
    now: () => now,
    pass: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
    /** One event, as a source sends it. */
    tell: (identifiers: Submission['identifiers'], more: Omit<Partial<Submission>, 'identifiers'> = {}) =>
      tell(line, { identifiers, ...more }, domain.workspace),
    plans: async () =>
      (await listDeliveries(database, workspace.id, { first: 100 })).deliveries.map(({ change, status }) => `${change} ${status}`).sort(),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

async function tell(
  line: Line,
  submission: Partial<Submission>,
  workspace: Awaited<ReturnType<typeof createTestDomain>>['workspace'],
): Promise<string> {
  const [receipt] = await line.accept(workspace, 'shop.till', [{ type: 'enishi.identified', ...submission }]);
  if (receipt?.status !== 'ACCEPTED') throw new Error(JSON.stringify(receipt));
  return receipt.customerId ?? '';
}

export const agreed = { consents: [{ purpose: 'advertising', channel: '*', state: 'GIVEN' }] } as const;
export const withdrawn = { consents: [{ purpose: 'advertising', channel: '*', state: 'WITHDRAWN' }] } as const;
export const golden = { traits: { rank: 'gold' } } as const;
export const silver = { traits: { rank: 'silver' } } as const;
