import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Box } from '../../src/core/box.ts';
import type { Detection } from '../../src/core/detection.ts';
import { decode, decodeBox, type SsdMeaning } from '../../src/detector/decode.ts';
import { nms } from '../../src/detector/nms.ts';
import { box } from './arbitraries.ts';

const labels = ['cat', 'dog', 'person'];
const network = { variances: [0.1, 0.1, 0.2, 0.2] } as const;
const PRIORS = 12;

const meaning = (priors: Float32Array, floor = 0.1): SsdMeaning => ({
  labels,
  priors,
  network,
  floor,
  nmsIou: 0.45,
});
const floats = (length: number, least: number, most: number) =>
  fc
    .array(fc.float({ min: least, max: most, noNaN: true }), { minLength: length, maxLength: length })
    .map(Float32Array.from.bind(Float32Array));

describe('boxes', () => {
  test('come back from the offsets that stand for them', () => {
    fc.assert(
      fc.property(box, box, (wanted, prior) => {
        const priors = Float32Array.from(centred(prior));
        const decoded = decodeBox(encode(wanted, prior), 0, { priors, network });
        for (const [index, value] of wanted.entries()) expect(decoded[index]).toBeCloseTo(value, 4);
      }),
    );
  });

  test('with offsets of nothing are their priors, cut at the edge of the picture', () => {
    const priors = Float32Array.of(0.5, 0.5, 0.25, 0.5, 0, 1, 0.5, 0.5);
    expect(decodeBox(new Float32Array(8), 0, { priors, network })).toEqual([0.375, 0.25, 0.25, 0.5]);
    expect(decodeBox(new Float32Array(8), 1, { priors, network })).toEqual([0, 0.75, 0.25, 0.25]);
  });
});

describe('detections', () => {
  const outputs = fc.record({
    offsets: floats(PRIORS * 4, -4, 4),
    logits: fc.constantFrom(0.5, 5, 50).chain((most) => floats(PRIORS * 4, -most, most)),
    priors: fc
      .array(box, { minLength: PRIORS, maxLength: PRIORS })
      .map((all) => Float32Array.from(all.flatMap(centred))),
    floor: fc.oneof(fc.constantFrom(0, 0.1, 0.25, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  });

  test('are those of the full softmax: the prefilter costs none', () => {
    fc.assert(
      fc.property(outputs, ({ offsets, logits, priors, floor }) => {
        const found = decode({ offsets, logits }, meaning(priors, floor));
        expect(found).toEqual(withoutPrefilter(offsets, logits, meaning(priors, floor)));
      }),
      { numRuns: 500 },
    );
  });

  test('lie within the picture, have area and reach the floor, best first', () => {
    fc.assert(
      fc.property(outputs, ({ offsets, logits, priors, floor }) => {
        const found = decode({ offsets, logits }, meaning(priors, floor));
        for (const {
          score,
          box: [x, y, width, height],
        } of found) {
          expect(score).toBeGreaterThanOrEqual(floor);
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
          expect(Math.min(width, height)).toBeGreaterThan(0);
          expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(1 + 1e-9);
        }
        expect(found.map(({ score }) => score)).toEqual(
          found.map(({ score }) => score).sort((a, b) => b - a),
        );
      }),
    );
  });

  test('end at 200 in a picture full of small objects', () => {
    const side = 25;
    const cells = Array.from({ length: side ** 2 }, (_, cell) => [
      (cell % side) + 0.5,
      Math.floor(cell / side) + 0.5,
    ]);
    const priors = Float32Array.from(
      cells.flatMap(([x = 0, y = 0]) => [x / side, y / side, 1 / side, 1 / side]),
    );
    const logits = Float32Array.from(cells.flatMap(() => [0, 9, 8, 8]));
    const found = decode({ offsets: new Float32Array(cells.length * 4), logits }, meaning(priors));
    expect(found).toHaveLength(200);
  });

  test('of a network gone wrong are none, and none is an error', () => {
    const priors = Float32Array.of(0.5, 0.5, 0.5, 0.5);
    const numbers = [NaN, Infinity, -Infinity];
    for (const number of numbers) {
      const broken = { offsets: new Float32Array(4).fill(number), logits: Float32Array.of(0, 9, 0, 0) };
      for (const { box: found } of decode(broken, meaning(priors)))
        expect(found.every(Number.isFinite)).toBe(true);
      const logits = new Float32Array(4).fill(number);
      expect(decode({ offsets: new Float32Array(4), logits }, meaning(priors))).toEqual([]);
    }
  });
});

function centred([x, y, width, height]: Box): [number, number, number, number] {
  return [x + width / 2, y + height / 2, width, height];
}

/** SSD, arXiv 1512.02325, equation 2. */
function encode(wanted: Box, prior: Box): Float32Array {
  const [x, y, width, height] = centred(wanted);
  const [priorX, priorY, priorWidth, priorHeight] = centred(prior);
  return Float32Array.of(
    (x - priorX) / priorWidth / 0.1,
    (y - priorY) / priorHeight / 0.1,
    Math.log(width / priorWidth) / 0.2,
    Math.log(height / priorHeight) / 0.2,
  );
}

function withoutPrefilter(offsets: Float32Array, logits: Float32Array, how: SsdMeaning): Detection[] {
  const found = labels.flatMap((label, index) =>
    Array.from({ length: PRIORS }, (_, prior): Detection => {
      const row = [...logits.subarray(4 * prior, 4 * prior + 4)];
      const largest = Math.max(...row);
      const sum = row.reduce((total, logit) => total + Math.exp(logit - largest), 0);
      const score = Math.exp((row[index + 1] as number) - largest) / sum;
      return { label, score, box: decodeBox(offsets, prior, how) };
    }),
  );
  return nms(
    found.filter(({ score, box: [, , w, h] }) => score >= how.floor && w > 0 && h > 0),
    how.nmsIou,
  );
}
