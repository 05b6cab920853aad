import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Box } from '../../../src/core/box.ts';
import { packageRoot } from '../../../src/core/package-root.ts';
import { clear } from './clear.ts';
import { hota } from './hota.ts';
import { idf1 } from './identity.ts';
import type { Judged, Seen } from './judged.ts';

const at = (x: number): Box => [x, 0.2, 0.1, 0.3];

/** Frames from two lists of `object@place`, places in tenths, such as `1@3`. */
function frames(...looks: readonly (readonly [truth: string, found: string])[]): Judged[] {
  const read = (text: string): Seen[] =>
    text
      .split(' ')
      .filter(Boolean)
      .map((word) => {
        const [id, place] = word.split('@').map(Number);
        return { id: id as number, box: at((place as number) / 10) };
      });
  return looks.map(([truth, found]) => ({ truth: read(truth), found: read(found) }));
}

describe('measures counted by hand', () => {
  test('all right is 1 in each', () => {
    const right = frames(['1@1 2@5', '7@1 8@5'], ['1@2 2@4', '7@2 8@4']);
    expect(clear(right)).toEqual({ mota: 1, switches: 0, misses: 0, falseBoxes: 0 });
    expect(idf1(right)).toBe(1);
    expect(hota(right)).toBe(1);
  });

  test('one object under two names: one switch, half a name, half kept together', () => {
    const switched = frames(['1@1', '7@1'], ['1@2', '7@2'], ['1@3', '8@3'], ['1@4', '8@4']);
    expect(clear(switched)).toEqual({ mota: 0.75, switches: 1, misses: 0, falseBoxes: 0 });
    expect(idf1(switched)).toBe(0.5);
    // Each box shares its name with 2 of 4 boxes of the truth: A = 2 / 4; D = 1.
    expect(hota(switched)).toBeCloseTo(Math.sqrt(0.5), 12);
  });

  test('a miss, a false box and a name that comes back after another', () => {
    const mixed = frames(['1@1', '7@1'], ['1@1', '8@1'], ['1@1', ''], ['1@1', '7@1 9@8']);
    expect(clear(mixed)).toEqual({ mota: 1 - (1 + 1 + 2) / 4, switches: 2, misses: 1, falseBoxes: 1 });
    expect(idf1(mixed)).toBe((2 * 2) / (4 + 4));
  });

  test('a pair of the frame before is kept, though another box fits better', () => {
    const kept: Judged[] = [
      { truth: [{ id: 1, box: at(0.1) }], found: [{ id: 7, box: at(0.1) }] },
      {
        truth: [{ id: 1, box: at(0.1) }],
        found: [
          { id: 7, box: at(0.12) },
          { id: 8, box: at(0.1) },
        ],
      },
    ];
    expect(clear(kept)).toEqual({ mota: 0.5, switches: 0, misses: 0, falseBoxes: 1 });
  });

  test('boxes that overlap by two thirds count as found up to that demand', () => {
    const loose: Judged[] = [{ truth: [{ id: 1, box: at(0.1) }], found: [{ id: 7, box: at(0.12) }] }];
    // 0.08 / 0.12 = 0.67: 13 of the 19 demands.
    expect(hota(loose)).toBeCloseTo(13 / 19, 12);
    expect(clear(loose).mota).toBe(1);
  });
});

interface Reference {
  readonly frames: readonly { readonly truth: readonly Row[]; readonly found: readonly Row[] }[];
  readonly trackeval: Readonly<Record<'mota' | 'switches' | 'idf1' | 'hota', number>>;
}
type Row = readonly [id: number, ...box: Box];

test('a scene with all kinds of mistakes is judged as by the judge of the MOT benchmarks', () => {
  const file = join(packageRoot, 'test/fixtures/tracker/measures.json');
  const reference = JSON.parse(readFileSync(file, 'utf8')) as Reference;
  const seen = ([id, ...box]: Row): Seen => ({ id, box });
  const judged = reference.frames.map(({ truth, found }) => ({
    truth: truth.map(seen),
    found: found.map(seen),
  }));
  const { mota, switches } = clear(judged);
  const expected = reference.trackeval;
  expect(switches).toBe(expected.switches);
  expect(mota).toBeCloseTo(expected.mota, 9);
  expect(idf1(judged)).toBeCloseTo(expected.idf1, 9);
  expect(hota(judged)).toBeCloseTo(expected.hota, 9);
});
