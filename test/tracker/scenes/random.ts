/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** In [from, to). */
  between(from: number, to: number): number;
  chance(share: number): boolean;
  /** Normally distributed, mean 0, standard deviation 1. */
  normal(): number;
}

/** Mulberry32 (Ettinger 2017, public domain): 32 bits of state, good enough to shake boxes. */
export function seeded(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    between: (from, to) => from + next() * (to - from),
    chance: (share) => next() < share,
    // Box and Muller 1958, "A note on the generation of random normal deviates".
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}
