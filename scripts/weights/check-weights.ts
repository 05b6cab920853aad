import { convolutions } from '../../src/detector/convolutions.ts';
import type { Network } from '../../src/detector/network.ts';
import type { HalfArray } from './npz.ts';

/**
 * The network's arrays, in its own order.
 *
 * @throws Error with one sentence that names the first array that is missing, of another shape, not finite or
 *   not of this network.
 */
export function checkWeights(
  network: Network,
  arrays: ReadonlyMap<string, HalfArray>,
): ReadonlyMap<string, HalfArray> {
  const checked = new Map<string, HalfArray>();
  for (const { name, filters, inputs, kernel } of convolutions(network)) {
    const expected = { [`${name}.weight`]: [filters, inputs, kernel, kernel], [`${name}.bias`]: [filters] };
    for (const [key, shape] of Object.entries(expected))
      checked.set(key, checkArray(key, shape, arrays.get(key)));
  }
  const stranger = [...arrays.keys()].find((key) => !checked.has(key));
  if (stranger !== undefined)
    throw new Error(`expected the arrays of network.json only, got ${stranger} too`);
  return checked;
}

function checkArray(key: string, shape: readonly number[], array: HalfArray | undefined): HalfArray {
  const expected = shape.join(' x ');
  if (array === undefined) throw new Error(`expected ${key} (${expected}), got no array of this name`);
  const got = array.shape.join(' x ');
  const length = 2 * shape.reduce((product, side) => product * side, 1);
  if (got !== expected) throw new Error(`expected ${key} to be ${expected}, got ${got}`);
  if (array.bytes.length !== length)
    throw new Error(`expected ${key} to have ${length} bytes, got ${array.bytes.length}`);
  if (!areFinite(array.bytes)) throw new Error(`expected ${key} to be finite, got NaN or an infinity`);
  return array;
}

/** All bits of the exponent set mean NaN or an infinity (IEEE 754-2019, 3.4, binary16). */
function areFinite(halves: Uint8Array): boolean {
  return halves.every((byte, index) => index % 2 === 0 || (byte & 0x7c) !== 0x7c);
}
