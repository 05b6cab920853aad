import { z } from 'zod';
import { configSchema } from './schema.ts';

/** The parts of JSON Schema that say which keys a block has. */
interface Block {
  readonly properties?: Readonly<Record<string, Block>>;
  readonly additionalProperties?: Block | boolean;
  readonly items?: Block;
  readonly oneOf?: readonly Block[];
}

/**
 * The key that was most likely meant by one that the block at `path` does not have: at most two slips away, and a
 * third of its letters.
 */
export function nearestKey(path: readonly PropertyKey[], unknown: string): string | undefined {
  const most = Math.min(2, Math.floor(unknown.length / 3));
  const [nearest] = keysAt(path)
    .map((key) => ({ key, slips: slipsBetween(unknown.toLowerCase(), key) }))
    .filter(({ slips }) => slips <= most)
    .sort((a, b) => a.slips - b.slips);
  return nearest?.key;
}

function keysAt(path: readonly PropertyKey[]): string[] {
  const top = z.toJSONSchema(configSchema, { io: 'input' }) as Block;
  const blocks = path.reduce<Block[]>((at, key) => at.flatMap((block) => below(block, String(key))), [top]);
  return [...new Set(blocks.flatMap(({ properties = {} }) => Object.keys(properties)))];
}

function below({ properties = {}, additionalProperties, items }: Block, key: string): Block[] {
  if (Object.hasOwn(properties, key)) return [properties[key] ?? {}];
  if (typeof additionalProperties === 'object') return [additionalProperties];
  return [...(items?.oneOf ?? [])];
}

/**
 * Letters added, left out, exchanged, or swapped with their neighbour to get from one word to the other: the optimal
 * string alignment distance (Damerau 1964).
 */
function slipsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const steps = [num(last[j]) + 1, num(row[j - 1]) + 1, num(last[j - 1]) + (isSame ? 0 : 1)];
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) steps.push(num(beforeLast[j - 2]) + 1);
      row.push(Math.min(...steps));
    }
    beforeLast = last;
    last = row;
  }
  return num(last[b.length]);
}

/** A place of the table that is always filled. */
function num(value: number | undefined): number {
  return value ?? Number.POSITIVE_INFINITY;
}
