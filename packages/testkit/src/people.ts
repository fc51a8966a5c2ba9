/** One member of the public, the same for the same number in every run. */
export interface Person {
  readonly name: { readonly family: string; readonly given: string; readonly kana: string };
  readonly email: string;
  /** As people write it; the domain reads it as +81…. */
  readonly phone: string;
  readonly memberNumber: string;
}

const families = [
  ['佐藤', 'サトウ'],
  ['鈴木', 'スズキ'],
  ['高橋', 'タカハシ'],
  ['田中', 'タナカ'],
  ['渡辺', 'ワタナベ'],
  ['伊藤', 'イトウ'],
  ['小林', 'コバヤシ'],
] as const;

const givens = [
  ['花子', 'ハナコ'],
  ['太郎', 'タロウ'],
  ['美咲', 'ミサキ'],
  ['健', 'ケン'],
  ['陽菜', 'ヒナ'],
] as const;

/** Person number `n`: nobody shares an address, a phone or a number with another. */
export function personNumber(n: number): Person {
  const [family, familyKana] = families[n % families.length] ?? families[0];
  const [given, givenKana] = givens[n % givens.length] ?? givens[0];
  const digits = String(n).padStart(8, '0');
  return {
    name: { family, given, kana: `${familyKana} ${givenKana}` },
    email: `person${n}@shop.example`,
    phone: `090-${digits.slice(0, 4)}-${digits.slice(4)}`,
    memberNumber: String(1_000_000 + n),
  };
}

/** Instants one apart, from a fixed beginning: `const at = instants(); at(0) < at(1)`. Default step one minute. */
export const instants =
  (beginning = '2026-01-05T00:00:00.000Z', stepSeconds = 60): ((n: number) => Date) =>
  (n) =>
    new Date(Date.parse(beginning) + n * stepSeconds * 1000);
