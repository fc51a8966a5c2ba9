import { decimalPlaces } from '@enishi/plugin-sdk';
import { amount, toNumber } from '@enishi/plugin-sdk/files';

/** Major units from the smallest ones, exactly: 3300 of JPY is 3300, 1999 of USD is 19.99. */
export const fromMinor = (minor: number | bigint, currency: string): number =>
  toNumber(amount(String(minor)).div(10 ** decimalPlaces(currency)));
