import { decimalPlaces, Unreadable } from '@enishi/plugin-sdk';
import { amount, toNumber, UnreadableCell } from '@enishi/plugin-sdk/files';
import { z } from 'zod';

export type Amount = ReturnType<typeof amount>;

/** An amount as shops send it, text or number, kept exact: `"3300"`, `"3300.00"`, `3300`. */
export const decimal = z.union([z.string(), z.number()]).transform((value, context): Amount => {
  try {
    return amount(String(value));
  } catch (error) {
    if (!(error instanceof UnreadableCell)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});

/** The amount as a JSON number in major units. Throws `Unreadable` where it is finer than the currency: half a yen is an amount in another unit. */
export function money(value: Amount, currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) throw new Unreadable(`"${currency}" is no currency`);
  if (!value.round(decimalPlaces(currency)).eq(value)) throw new Unreadable(`${value.toString()} is no amount of ${currency}`);
  return toNumber(value);
}

/** The same where the shop may leave it out. */
export const moneyIf = (value: Amount | null | undefined, currency: string): number | undefined =>
  value === null || value === undefined ? undefined : money(value, currency);
