import type { Place } from './places.ts';
import type { Product } from './products.ts';
import type { WrittenAddress, WrittenName } from './writing.ts';

/** What somebody wrote on a form: one spelling of each fact. */
export interface Written {
  readonly name: WrittenName;
  readonly kana: WrittenName;
  readonly postcode: string;
  readonly address: WrittenAddress;
  /** What a form with lists to choose from knows for sure. */
  readonly place: Place;
  readonly birthday?: string;
  readonly sex?: string;
}

/** The identifiers as the source wrote them down. */
export interface Signs {
  readonly member?: string;
  readonly user?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly browser?: string;
}

export interface Line {
  readonly product: Product;
  readonly quantity: number;
}

interface Base {
  /** The source's own number of it: the same world makes the same numbers. */
  readonly id: string;
  readonly at: Date;
  /** Who it truly was; no source knows. `undefined` for a walk-in that nobody will ever know. */
  readonly person: number | undefined;
  readonly signs: Signs;
}

/** Somebody joined the loyalty card or registered in the shop. */
export interface Joined extends Base {
  readonly kind: 'joined';
  readonly door: 'store' | 'shop';
  /** Which store issued the card. */
  readonly store?: string;
  readonly written: Written;
  readonly newsletter: 'GIVEN' | 'REFUSED' | 'UNASKED';
}

export interface Bought extends Base {
  readonly kind: 'receipt';
  readonly store: string;
  readonly lines: readonly Line[];
}

export interface Ordered extends Base {
  readonly kind: 'order';
  readonly cart: string;
  readonly written: Written;
  readonly lines: readonly Line[];
}

/** Something lies in the cart and nothing was ordered yet. */
export interface Carted extends Base {
  readonly kind: 'cart';
  readonly cart: string;
  readonly lines: readonly Line[];
}

export interface Viewed extends Base {
  readonly kind: 'view';
  readonly product: Product;
}

export type Happening = Joined | Bought | Ordered | Carted | Viewed;

/** Yen, tax included. */
export const totalOf = (lines: readonly Line[]): number => lines.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0);
