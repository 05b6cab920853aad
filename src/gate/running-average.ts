/**
 * Share of what is new in a running average, 0..1, so that it takes over 63 % of a change in `timeMs`, whatever the
 * rate of the pictures; while it holds few of them, it is their mean.
 *
 * @param elapsedMs - since the picture before.
 * @param count - pictures that it holds.
 */
export function rateOf(elapsedMs: number, timeMs: number, count: number): number {
  return Math.max(1 - Math.exp(-elapsedMs / timeMs), 1 / (count + 1));
}
