/** One figure of each of two contenders, taken one right after the other. */
export type Pair = readonly [a: number, b: number];

/**
 * Measures two contenders in turn, so that what else the machine does meets both. Every other pair begins with
 * the second, so that neither always comes first.
 *
 * @param onPair - told of each pair as it is done.
 */
export async function interleave(
  a: () => Promise<number>,
  b: () => Promise<number>,
  count: number,
  onPair: (pair: Pair) => void = () => {},
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let turn = 0; turn < count; turn++) {
    const pair: Pair = turn % 2 === 0 ? [await a(), await b()] : swap([await b(), await a()]);
    pairs.push(pair);
    onPair(pair);
  }
  return pairs;
}

function swap([first, second]: Pair): Pair {
  return [second, first];
}
