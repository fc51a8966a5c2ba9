/** Sums of decimals without rounding, so that a difference of a tenth of a penny in ten million is seen. */
const places = 24;

export class Exact {
  #units = 0n;

  add(text: string, times = 1n): void {
    this.#units += units(text) * times;
  }

  /** Quantity times price, whatever their decimals. */
  addProduct(left: string, right: string): void {
    this.#units += (units(left) * units(right)) / 10n ** BigInt(places);
  }

  /** Rounded to so many decimals, half away from zero; plain notation. */
  toFixed(decimals: number): string {
    const step = 10n ** BigInt(places - decimals);
    const size = this.#units < 0n ? -this.#units : this.#units;
    const rounded = ((size + step / 2n) / step).toString().padStart(decimals + 1, '0');
    const whole = rounded.slice(0, rounded.length - decimals);
    const sign = this.#units < 0n && /[1-9]/.test(rounded) ? '-' : '';
    return decimals === 0 ? sign + rounded : `${sign}${whole}.${rounded.slice(rounded.length - decimals)}`;
  }
}

function units(text: string): bigint {
  const found = /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/i.exec(text.trim());
  if (!found) throw new Error(`not a decimal: ${text}`);
  const [, sign, whole = '', fraction = '', exponent = '0'] = found;
  const shift = places - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction);
  const value = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  return sign === '-' ? -value : value;
}
