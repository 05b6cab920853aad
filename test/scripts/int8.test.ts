import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram } from '../../scripts/int8/histogram.ts';
import { OffsetRange, ScoreRange } from '../../scripts/int8/ranges.ts';
import { lessBackground, toInt8 } from '../../scripts/int8/whole-numbers.ts';

const weight = fc.integer({ min: -8_000, max: 8_000 }).map((value) => value / 1_000);

describe('weights in whole numbers', () => {
  test('are at most half a step from the real ones, and none is -128', () => {
    fc.assert(
      fc.property(fc.array(weight, { minLength: 4, maxLength: 4 }), (values) => {
        const weights = Float32Array.from(values);
        const { weights: whole, scales } = toInt8({ weights, biases: new Float32Array(2) }, 1);
        for (const [index, value] of weights.entries()) {
          const scale = scales[index >> 1] as number;
          expect(whole[index]).toBeGreaterThanOrEqual(-127);
          expect(Math.abs((whole[index] as number) * scale - value)).toBeLessThanOrEqual(scale * 0.5001);
        }
      }),
    );
  });

  test('have biases in units of input times weight', () => {
    const { biases } = toInt8({ weights: Float32Array.of(1.27), biases: Float32Array.of(3) }, 0.5);
    expect(biases).toEqual(Int32Array.of(600));
  });

  test('give the same softmax when the background is taken off', () => {
    const plain = { weights: Float32Array.of(1, 2, 5, 7), biases: Float32Array.of(1, 0, 3, 4) };
    const less = lessBackground(plain, 2);
    expect(less.weights).toEqual(Float32Array.of(0, 1, 0, 2));
    expect(less.biases).toEqual(Float32Array.of(0, -1, 0, 1));
  });
});

describe('the step of hidden values', () => {
  test('reaches the greatest when all are alike', () => {
    expect(stepOf(Array.from({ length: 1000 }, (_, i) => i / 100))).toBeCloseTo(9.99 / 255, 4);
  });

  test('lets a lone giant be clipped for the sake of all others', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => i / 10_000);
    expect(stepOf([...many, 30]) * 255).toBeLessThan(28);
  });

  test('is the same whichever picture came first', () => {
    const [small, large] = [Float32Array.of(0.1, 0.2), Float32Array.of(50, 60)];
    const both = [
      [small, large],
      [large, small],
    ].map((order) => {
      const histogram = new Histogram();
      for (const values of order) histogram.add(values);
      return histogram.bestStep(255);
    });
    expect(both[0]).toBe(both[1]);
  });

  test('is no zero where every value was 0', () => {
    expect(stepOf([0, 0, -1])).toBeGreaterThan(0);
  });
});

describe('the range of', () => {
  test('offsets holds the least and the greatest, and zero exactly', () => {
    const range = new OffsetRange();
    range.add(Float32Array.of(-1, 0, 4.1));
    const { step, zero } = range.step();
    expect(-zero * step).toBeCloseTo(-1, 1);
    expect((255 - zero) * step).toBeCloseTo(4.1, 1);
    expect(Number.isInteger(zero)).toBe(true);
  });

  test('scores spends no bytes on what is far below background', () => {
    const range = new ScoreRange(2, 1);
    range.add(Float32Array.of(-50, -44, -50, -200));
    const { step, zero } = range.step();
    expect(-zero * step).toBeCloseTo(-10, 1);
    expect((255 - zero) * step).toBeCloseTo(6, 1);
  });
});

function stepOf(values: readonly number[]): number {
  const histogram = new Histogram();
  histogram.add(Float32Array.from(values));
  return histogram.bestStep(255);
}
