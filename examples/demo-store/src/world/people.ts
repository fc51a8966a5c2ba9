import { type GivenName, givenNames, type Surname, surnames } from './names.ts';
import { type Address, makeAddress } from './places.ts';
import { type Random, random } from './random.ts';

/** How somebody shops; the segments of the demo are made of these. */
export const personas = [
  { persona: 'newcomer', weight: 12 },
  { persona: 'returning', weight: 14 },
  { persona: 'regular', weight: 24 },
  { persona: 'gold', weight: 5 },
  { persona: 'lapsed', weight: 27 },
  { persona: 'lapsing', weight: 1 },
  { persona: 'browser', weight: 17 },
] as const;
export type Persona = (typeof personas)[number]['persona'];

/** The truth about one person, which no source ever sees whole. */
export interface Person {
  readonly number: number;
  readonly household: number;
  readonly family: Surname;
  readonly given: GivenName;
  readonly sex: 'female' | 'male';
  /** `YYYY-MM-DD` */
  readonly birthday: string;
  readonly address: Address;
  readonly email: string;
  /** Digits only, with the leading zero. */
  readonly mobile: string;
  /** The family's land line, one for all of them. */
  readonly homePhone: string | undefined;
  readonly persona: Persona;
  /** The loyalty card of those who shop in stores. */
  readonly member: string | undefined;
  /** The log-in of those who shop online; without one they order as guests. */
  readonly user: string | undefined;
  readonly shopsOnline: boolean;
  /** The browser that visits the shop before anyone logs in. */
  readonly browser: string | undefined;
  readonly newsletter: 'GIVEN' | 'REFUSED' | 'UNASKED';
}

const mailHosts = [
  { host: 'mail.example', weight: 5 },
  { host: 'keitai.example', weight: 3 },
  { host: 'home.example', weight: 2 },
] as const;

/** `example` is reserved: no address of this world reaches anybody. */
const emailOf = (romaji: string, number: number, dice: Random): string => {
  // Mobile carriers once gave out addresses with dots where the standard allows none; some are still in use.
  const { dots } = dice.weighted([
    { dots: '.', weight: 50 },
    { dots: '_', weight: 25 },
    { dots: '', weight: 22 },
    { dots: '..', weight: 3 },
  ]);
  return `${romaji.replace('/', dots)}${number}@${dice.weighted(mailHosts).host}`;
};

const phoneOf = (prefix: string, length: number, dice: Random): string => {
  const first = String(dice.between(prefix === '03' || prefix === '06' ? 4 : 2, 6));
  return prefix + first + dice.digits(length - prefix.length - 1);
};

const dateBetween = (first: number, last: number, dice: Random): string =>
  [dice.between(first, last), dice.between(1, 12), dice.between(1, 28)].map((part) => String(part).padStart(2, '0')).join('-');

interface Household {
  readonly number: number;
  readonly size: number;
  readonly family: Surname;
  readonly address: Address;
  readonly phone: string | undefined;
}

const makeHousehold = (number: number, dice: Random): Household => {
  const { size } = dice.weighted([
    { size: 1, weight: 55 },
    { size: 2, weight: 20 },
    { size: 3, weight: 14 },
    { size: 4, weight: 11 },
  ]);
  const address = makeAddress(dice);
  const phone = dice.chance(size === 1 ? 0.2 : 0.6) ? phoneOf(address.place.areaCode, 10, dice) : undefined;
  return { number, size, family: dice.weighted(surnames), address, phone };
};

const makePerson = (number: number, home: Household, dice: Random): Person => {
  const sex = dice.chance(0.58) ? 'female' : 'male';
  const given = dice.pick(givenNames[sex]);
  const { persona } = dice.weighted(personas);
  const { where } = dice.weighted([
    { where: 'store', weight: 42 },
    { where: 'shop', weight: 30 },
    { where: 'both', weight: 28 },
  ] as const);
  const shopsOnline = where !== 'store' || persona === 'browser' || persona === 'lapsing';
  const shopsInStores = where !== 'shop' && persona !== 'browser';
  const { newsletter } = dice.weighted([
    { newsletter: 'GIVEN', weight: 52 },
    { newsletter: 'REFUSED', weight: 33 },
    { newsletter: 'UNASKED', weight: 15 },
  ] as const);
  return {
    number,
    household: home.number,
    family: home.family,
    given,
    sex,
    birthday: dateBetween(1945, 2007, dice),
    address: home.address,
    email: emailOf(`${given.romaji}/${home.family.romaji}`, number, dice),
    mobile: phoneOf(dice.pick(['090', '080', '070']), 11, dice),
    homePhone: home.phone,
    persona,
    member: shopsInStores ? `M${String(1_000_000 + number * 7)}` : undefined,
    user: shopsOnline && dice.chance(0.86) ? `u${(number * 7919 + 104_729).toString(36)}` : undefined,
    shopsOnline,
    browser: shopsOnline && dice.chance(0.7) ? `b-${dice.digits(6)}-${number}` : undefined,
    newsletter,
  };
};

/** So many people, household by household. A longer list starts with the shorter one. */
export function makePeople(count: number, seed: string): readonly Person[] {
  const people: Person[] = [];
  for (let number = 1; people.length < count; number += 1) {
    const dice = random(`${seed}/household/${number}`);
    const home = makeHousehold(number, dice);
    for (let member = 0; member < home.size && people.length < count; member += 1)
      people.push(makePerson(people.length + 1, home, dice.fork(`member/${member}`)));
  }
  return people;
}
