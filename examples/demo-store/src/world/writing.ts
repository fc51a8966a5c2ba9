import type { Address } from './places.ts';
import type { Random } from './random.ts';

/**
 * The same fact as different hands write it. Every function is given the plain truth and answers one believable spelling:
 * what a till, a paper form typed in by a clerk, a phone keyboard or an old export leaves in a real customer table.
 */

const fullWidthFrom = 0xfee0;
/** `!` to `~` as the wide characters a Japanese keyboard types by default. */
export const fullWidth = (text: string): string =>
  text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + fullWidthFrom)).replaceAll(' ', '\u3000');

const hiraganaOf = (katakana: string): string =>
  katakana.replace(/[ァ-ヶ]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0x60));

const wide = 'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォッャュョー';
const narrow = 'ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｯｬｭｮｰ';
/** Half-width kana, as bank transfers and old tills print them: a voiced sound becomes two characters. */
export const halfWidthKana = (katakana: string): string =>
  [...katakana.normalize('NFD')]
    .map((character) => (character === '\u3099' ? 'ﾞ' : character === '\u309a' ? 'ﾟ' : (narrow[wide.indexOf(character)] ?? character)))
    .join('');

const hyphens = [
  { mark: '-', weight: 60 },
  { mark: '－', weight: 15 },
  { mark: 'ー', weight: 10 },
  { mark: '‐', weight: 8 },
  { mark: '−', weight: 7 },
] as const;

const mobile = /^(0[789]0)(\d{4})(\d{4})$/;
const landLine = /^(03|06|011|0\d{2}|0\d{3})(\d+)(\d{4})$/;
/** `parts` of a number with the area code that the number plan gives it. */
const partsOf = (digits: string, areaCode: string): readonly [string, string, string] => {
  const found = mobile.exec(digits) ?? landLine.exec(digits);
  if (digits.startsWith(areaCode) && !mobile.test(digits)) return [areaCode, digits.slice(areaCode.length, -4), digits.slice(-4)];
  return [found?.[1] ?? '', found?.[2] ?? '', found?.[3] ?? digits];
};

export function writePhone(digits: string, areaCode: string, dice: Random): string {
  const [area, exchange, line] = partsOf(digits, areaCode);
  const plain = `${area}-${exchange}-${line}`;
  const { style } = dice.weighted([
    { style: 'hyphens', weight: 46 },
    { style: 'digits', weight: 26 },
    { style: 'international', weight: 7 },
    { style: 'full-width', weight: 6 },
    { style: 'other-hyphens', weight: 8 },
    { style: 'spaces', weight: 4 },
    { style: 'brackets', weight: 3 },
  ] as const);
  switch (style) {
    case 'hyphens':
      return plain;
    case 'digits':
      return digits;
    case 'international':
      return `+81 ${area.slice(1)} ${exchange} ${line}`;
    case 'full-width':
      return fullWidth(plain);
    case 'other-hyphens':
      return plain.replaceAll('-', dice.weighted(hyphens).mark);
    case 'spaces':
      return `${area} ${exchange} ${line} `;
    case 'brackets':
      return `${area}(${exchange})${line}`;
  }
}

export function writeEmail(address: string, dice: Random): string {
  const { style } = dice.weighted([
    { style: 'plain', weight: 84 },
    { style: 'upper', weight: 5 },
    { style: 'capital', weight: 5 },
    { style: 'space', weight: 4 },
    { style: 'full-width', weight: 2 },
  ] as const);
  switch (style) {
    case 'plain':
      return address;
    case 'upper':
      return address.toUpperCase();
    case 'capital':
      return address.charAt(0).toUpperCase() + address.slice(1);
    case 'space':
      return ` ${address} `;
    case 'full-width':
      return fullWidth(address);
  }
}

/** A clerk reads a paper form wrongly: two letters change places. It is somebody else's address, or nobody's. */
export function mistype(address: string, dice: Random): string {
  const at = address.indexOf('@');
  const position = dice.between(at + 1, at + 3);
  return `${address.slice(0, position)}${address.charAt(position + 1)}${address.charAt(position)}${address.slice(position + 2)}`;
}

export interface NameParts {
  readonly kanji: string;
  readonly kana: string;
  readonly variants?: readonly string[];
}

/** A name as it stands in one field, and in two where the form has two. */
export interface WrittenName {
  readonly whole: string;
  readonly family: string;
  readonly given: string;
}

export function writeName(family: NameParts, given: NameParts, dice: Random): WrittenName {
  const surname = family.variants !== undefined && dice.chance(0.35) ? dice.pick(family.variants) : family.kanji;
  return { whole: surname + dice.pick([' ', '\u3000', '\u3000', '', ' ']) + given.kanji, family: surname, given: given.kanji };
}

export function writeKana(family: NameParts, given: NameParts, dice: Random): WrittenName {
  const { hand } = dice.weighted([
    { hand: (kana: string) => kana, weight: 60 },
    { hand: halfWidthKana, weight: 25 },
    { hand: hiraganaOf, weight: 15 },
  ]);
  return { whole: hand(`${family.kana} ${given.kana}`), family: hand(family.kana), given: hand(given.kana) };
}

/** An address as it stands in one field; forms of shops ask for the prefecture in a list and for the rest below. */
export interface WrittenAddress {
  readonly whole: string;
  readonly street: string;
}

/** 3丁目12番5号, 3-12-5, ３－１２－５, 3丁目12-5 and 3ー12番地5 are one door. */
export function writeAddress({ place, block, lot, house, building }: Address, dice: Random): WrittenAddress {
  const prefecture = dice.chance(0.35) ? '' : place.prefecture;
  const { mark } = dice.weighted(hyphens);
  const number = dice.pick([
    `${block}丁目${lot}番${house}号`,
    `${block}${mark}${lot}${mark}${house}`,
    `${block}丁目${lot}-${house}`,
    fullWidth(`${block}-${lot}-${house}`),
    `${block}${mark}${lot}番地${house}`,
  ]);
  const room =
    building === undefined
      ? ''
      : dice.pick([` ${building.name}${building.room}`, `\u3000${building.name}${building.room}号室`, `-${building.room}`]);
  const street = `${place.town}${number}${room}`;
  return { whole: `${prefecture}${place.city}${street}`, street };
}

export function writePostcode(postcode: string, dice: Random): string {
  return dice.pick([postcode, postcode.replace('-', ''), fullWidth(postcode), `〒${postcode}`]);
}

/** What is typed where the form insists on something. It names nobody and must tie nobody together. */
export const junk = {
  email: ['test@test', 'null', 'none', 'a@a', 'なし'],
  phone: ['0', '000-0000-0000', '09000000000', '0000000000', 'null', '-'],
  account: ['anonymous', 'null', '0', 'guest', 'undefined'],
} as const;
