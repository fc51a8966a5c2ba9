import type { Carted, Happening, Joined, Line, Ordered, Signs, Written } from './happening.ts';
import type { Person } from './people.ts';
import { stores } from './places.ts';
import { products } from './products.ts';
import type { Random } from './random.ts';
import { before, browsingTime, purchaseTimes } from './rhythm.ts';
import { fullWidth, junk, mistype, writeAddress, writeEmail, writeKana, writeName, writePhone, writePostcode } from './writing.ts';

/** Everything one person did, as the tills and the shop wrote it down. In no particular order. */
export function historyOf(person: Person, today: Date, dice: Random): Happening[] {
  const pen = penOf(person, dice);
  const happenings: Happening[] = [];
  const number = numbering(person);
  const purchases = purchaseTimes(person.persona, today, dice);
  const first = purchases[0] ?? browsingTime(today, 60, dice);

  if (person.member !== undefined) happenings.push(pen.joinStore(number('J'), before(first, dice.between(2, 40))));
  if (person.user !== undefined) happenings.push(pen.joinShop(number('A'), before(first, dice.between(1, 3) * 24 * 60)));
  for (const at of purchases) {
    const online = person.shopsOnline && (person.member === undefined || person.persona === 'lapsing' || dice.chance(0.5));
    if (!online) {
      happenings.push({
        kind: 'receipt',
        id: number('R'),
        at,
        person: person.number,
        signs: pen.atTill(),
        store: dice.weighted(stores).code,
        lines: basket(person, dice),
      });
      continue;
    }
    const order = pen.order(number('O'), at, basket(person, dice));
    if (dice.chance(0.3)) happenings.push({ ...cartOf(order, number('C')), at: before(at, dice.between(2, 25)) });
    happenings.push(order);
  }
  if (person.browser !== undefined) happenings.push(...browsing(person, today, dice).map((at) => pen.view(number('V'), at)));
  if (person.shopsOnline && person.persona !== 'lapsing' && dice.chance(person.persona === 'browser' ? 0.3 : 0.06))
    happenings.push(pen.abandon(number('C'), browsingTime(today, 3, dice)));
  return happenings;
}

const numbering = (person: Person): ((letter: string) => string) => {
  let count = 0;
  return (letter) => {
    count += 1;
    return `${letter}${person.number}-${count}`;
  };
};

const browsing = (person: Person, today: Date, dice: Random): Date[] =>
  person.persona === 'lapsing'
    ? []
    : Array.from({ length: dice.between(1, person.persona === 'browser' ? 4 : 2) }, () => browsingTime(today, 60, dice));

const basket = (person: Person, dice: Random): Line[] => {
  const size = person.persona === 'gold' ? dice.between(2, 4) : dice.between(1, 3);
  const chosen = new Map(Array.from({ length: size }, () => dice.weighted(products)).map((product) => [product.sku, product]));
  return [...chosen.values()].map((product) => ({ product, quantity: dice.chance(0.85) ? 1 : 2 }));
};

const cartOf = (order: Ordered, id: string): Carted => ({
  kind: 'cart',
  id,
  at: order.at,
  person: order.person,
  signs: order.signs,
  cart: order.cart,
  lines: order.lines,
});

/** How this person fills in forms. What they write differs from one form to the next. */
const penOf = (person: Person, dice: Random) => {
  const phone = (): string => {
    const digits = person.homePhone !== undefined && dice.chance(0.35) ? person.homePhone : person.mobile;
    return writePhone(digits, person.address.place.areaCode, dice);
  };
  const form = (): Written => ({
    name: writeName(person.family, person.given, dice),
    kana: writeKana(person.family, person.given, dice),
    postcode: writePostcode(person.address.place.postcode, dice),
    address: writeAddress(person.address, dice),
    place: person.address.place,
    ...(dice.chance(0.7) ? { birthday: person.birthday, sex: person.sex } : {}),
  });
  const account = (): Signs => {
    if (person.user === undefined) return { email: writeEmail(person.email, dice), phone: phone() };
    return { user: person.user, email: writeEmail(person.email, dice), ...(dice.chance(0.3) ? { phone: phone() } : {}) };
  };
  /** Paper, typed in by a clerk: here the junk and the slips of the finger are made. */
  const paper = (): Signs => ({
    ...(person.member === undefined ? {} : { member: dice.chance(0.03) ? fullWidth(person.member) : person.member }),
    ...(dice.chance(0.62) ? { phone: dice.chance(0.03) ? dice.pick(junk.phone) : phone() } : {}),
    ...(dice.chance(0.45) ? { email: clerksEmail() } : {}),
  });
  const clerksEmail = (): string => {
    if (dice.chance(0.03)) return dice.pick(junk.email);
    return dice.chance(0.03) ? mistype(person.email, dice) : writeEmail(person.email, dice);
  };
  const base = (id: string, at: Date) => ({ id, at, person: person.number });

  return {
    joinStore: (id: string, at: Date): Joined => ({
      ...base(id, at),
      kind: 'joined',
      door: 'store',
      store: dice.weighted(stores).code,
      signs: paper(),
      written: form(),
      newsletter: person.user === undefined ? person.newsletter : 'UNASKED',
    }),
    joinShop: (id: string, at: Date): Joined => ({
      ...base(id, at),
      kind: 'joined',
      door: 'shop',
      signs: { ...account(), ...(person.browser === undefined ? {} : { browser: person.browser }) },
      written: form(),
      newsletter: person.newsletter,
    }),
    /** A card is forgotten at home now and then; then the till knows a phone number or nothing at all. */
    atTill: (): Signs => {
      if (person.member !== undefined && dice.chance(0.94))
        return { member: dice.chance(0.02) ? ` ${fullWidth(person.member)}` : person.member };
      return dice.chance(0.5) ? { phone: phone() } : {};
    },
    order: (id: string, at: Date, lines: readonly Line[]): Ordered => ({
      ...base(id, at),
      kind: 'order',
      cart: `cart-${id}`,
      signs: account(),
      written: form(),
      lines,
    }),
    view: (id: string, at: Date): Happening => ({
      ...base(id, at),
      kind: 'view',
      signs: {
        ...(person.browser === undefined ? {} : { browser: person.browser }),
        ...(person.user !== undefined && dice.chance(0.3)
          ? { user: person.user }
          : dice.chance(0.04)
            ? { user: dice.pick(junk.account) }
            : {}),
      },
      product: dice.weighted(products),
    }),
    abandon: (id: string, at: Date): Carted => ({
      ...base(id, at),
      kind: 'cart',
      cart: `cart-${id}`,
      signs: account(),
      lines: basket(person, dice),
    }),
  };
};
