// Writes numbers with as many decimals as a column has.

/** The most decimals that JavaScript writes. */
const mostDecimals = 100;

/** The most decimals of a number that is written without an exponent. */
const mostPlain = 12;

/** The least number that JavaScript always writes with an exponent. */
const alwaysExponent = 1e21;

/** The significant digits of a number with an exponent: those that 32 bits have. */
const significant = 7;

/** Returns how many decimals the number in a cell has, written without an exponent; none where it is no number. */
export function decimalsOf(cell: string): number {
  const [, digits = '', exponent = '0'] = /^[+-]?\d*(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(cell.trim()) ?? [];
  return Math.min(mostDecimals, Math.max(0, digits.length - Number(exponent)));
}

/** Writes a number with so many decimals, and with an exponent where it would be a row of zeros without one. */
export function writeDecimals(value: number, decimals: number): string {
  if (decimals > mostPlain || Math.abs(value) >= alwaysExponent)
    return `${Number(value.toPrecision(significant))}`;
  const written = value.toFixed(decimals);
  return Number(written) === 0 ? (0).toFixed(decimals) : written;
}
