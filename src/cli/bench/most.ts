/**
 * The greatest whole number from 1 to `limit` that is good, where all below a good one are good too; 0 when not
 * even 1 is. Tries first `guess`, then doubles or halves from there, then halves what is left between.
 */
export async function greatestGood(
  isGood: (count: number) => Promise<boolean>,
  { guess, limit }: { readonly guess: number; readonly limit: number },
): Promise<number> {
  let good = 0;
  let bad = limit + 1;
  let next = Math.min(Math.max(1, Math.round(guess)), limit);
  while (bad - good > 1) {
    if (await isGood(next)) good = next;
    else bad = next;
    next = nextBetween(good, bad, limit);
  }
  return good;
}

function nextBetween(good: number, bad: number, limit: number): number {
  const middle = Math.floor((good + bad) / 2);
  if (bad > limit) return Math.min(2 * good, limit); // nothing was bad yet
  return good === 0 ? Math.floor(bad / 2) : middle;
}
