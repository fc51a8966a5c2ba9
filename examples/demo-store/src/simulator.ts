import { setTimeout as pause } from 'node:timers/promises';
import { outside } from './client.ts';
import type { Stage } from './stage.ts';
import { ringUp, shopSays } from './tour/scene.ts';
import { makePeople, type Person } from './world/people.ts';
import { products } from './world/products.ts';
import { type Random, random } from './world/random.ts';
import type { World } from './world/world.ts';
import { writeEmail } from './world/writing.ts';

export interface SimulatorOptions {
  readonly stage: Stage;
  readonly world: World;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

const everyMilliseconds = 1500;

/** Somebody does something every second or two, through the same doors as anybody else, until stopped. */
export async function simulate({ stage, world, signal, print }: SimulatorOptions): Promise<void> {
  const run = Date.now().toString(36);
  const dice = random(`simulator/${run}`);
  // People nobody has met yet: they sign up, and their first order is their first purchase.
  const strangers = makePeople(world.people.length + 500, 'enishi').slice(world.people.length);
  const tag = outside(stage.url, stage.keys.source);
  const stopMail = stage.mail.onMail(({ to, subject }) => print(`  ✉  "${subject}" → ${to.join(', ')}`));
  try {
    for (let turn = 0; !signal.aborted; turn += 1) {
      const scene = { url: stage.url, tag, dice, id: `sim-${run}-${turn}`, strangers, people: world.people };
      const said = await dice
        .weighted(acts)
        .act(scene)
        .catch((error: unknown) => `could not happen: ${error instanceof Error ? error.message : String(error)}`);
      print(`  ${new Date().toLocaleTimeString('ja-JP')}  ${said}`);
      await pause(everyMilliseconds, undefined, { signal }).catch(() => {});
    }
  } finally {
    stopMail();
  }
}

interface Turn {
  readonly url: string;
  readonly tag: ReturnType<typeof outside>;
  readonly dice: Random;
  readonly id: string;
  readonly strangers: readonly Person[];
  readonly people: readonly Person[];
}

const nameOf = ({ family, given }: Person): string => `${family.kanji} ${given.kanji}`;
const now = (): string => new Date().toISOString();

const shopper = (person: Person, dice: Random) => ({
  ...(person.user === undefined ? {} : { id: person.user }),
  email: writeEmail(person.email, dice),
  ...(person.browser === undefined ? {} : { anonymous: person.browser }),
});

const someProduct = (dice: Random) => {
  const { sku, name, category, price } = dice.weighted(products);
  return { product_id: sku, name, category, price, quantity: 1 };
};

const orderOf = (id: string, person: Person, dice: Random) => {
  const product = someProduct(dice);
  const data = { order_id: id, total: product.price, currency: 'JPY', products: [product] };
  return { topic: 'order.completed', id, at: now(), customer: shopper(person, dice), data };
};

const acts: readonly { readonly weight: number; readonly act: (turn: Turn) => Promise<string> }[] = [
  {
    weight: 4,
    act: async ({ tag, dice, id, people }) => {
      const person = dice.pick(people.filter(({ browser }) => browser !== undefined));
      const { quantity: _, ...properties } = someProduct(dice);
      await tag.track('/v1/track', {
        messageId: id,
        event: 'Product Viewed',
        anonymousId: person.browser,
        userId: person.user,
        properties,
      });
      return `${nameOf(person)} looks at ${properties.name}`;
    },
  },
  {
    weight: 2,
    act: async ({ url, dice, id, people }) => {
      const person = dice.pick(people.filter(({ user }) => user !== undefined));
      const product = someProduct(dice);
      await shopSays(url, [
        { topic: 'cart.product_added', id, at: now(), customer: shopper(person, dice), data: { cart_id: id, ...product } },
      ]);
      return `${nameOf(person)} puts ${product.name} into the cart`;
    },
  },
  {
    weight: 2,
    act: async ({ url, dice, id, people }) => {
      const person = dice.pick(people.filter(({ user }) => user !== undefined));
      await shopSays(url, [orderOf(id, person, dice)]);
      return `${nameOf(person)} orders in the shop`;
    },
  },
  {
    weight: 3,
    act: async ({ url, dice, id, people }) => {
      const person = dice.pick(people.filter(({ member }) => member !== undefined));
      const product = someProduct(dice);
      const store = dice.pick(['S01', 'S02', 'S03']);
      const receipt = {
        store_id: store,
        receipt_number: id,
        at: now(),
        customer: { member: person.member },
        total: product.price,
        currency: 'JPY',
      };
      await ringUp(url, [{ ...receipt, products: [product] }]);
      return `${nameOf(person)} buys ${product.name} in store ${store}`;
    },
  },
  {
    weight: 2,
    act: async ({ url, dice, id, strangers }) => {
      const person = dice.pick(strangers.filter(({ user }) => user !== undefined));
      const consents = [
        { purpose: 'marketing', channel: 'email', state: dice.chance(0.7) ? 'GIVEN' : 'REFUSED', evidence: { form: 'sign-up' } },
      ];
      const traits = { lastName: person.family.kanji, firstName: person.given.kanji, 'ec.prefecture': person.address.place.prefecture };
      const customer = { ...shopper(person, dice), traits, consents };
      await shopSays(url, [{ topic: 'customer.registered', id: `${id}-a`, at: now(), customer }, orderOf(`${id}-o`, person, dice)]);
      return `${nameOf(person)} signs up in the shop and orders (newsletter: ${consents[0]?.state})`;
    },
  },
];
