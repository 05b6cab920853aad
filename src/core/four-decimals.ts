/** A number as events tell it, to four decimals; never -0, which JSON cannot tell from 0. */
export function fourDecimals(value: number): number {
  return Math.round(value * 10_000) / 10_000 + 0;
}
