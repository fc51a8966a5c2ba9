const known = new Map<string, number>();

/** How many decimal places amounts of a currency have: 0 for JPY, 2 for USD, 3 for KWD. A text that is no currency has 2. */
export function decimalPlaces(currency: string): number {
  const places = known.get(currency) ?? placesOf(currency);
  if (known.size < 1000) known.set(currency, places);
  return places;
}

function placesOf(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) return 2;
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
