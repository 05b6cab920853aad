import { expect, test } from 'vitest';
import { frameRate } from '../../src/pipeline/frame-rate.ts';

test('a camera is told to run at the rate of its last ten seconds, and at none once nothing comes', () => {
  const rate = frameRate();
  expect(rate.at(0)).toBe(0);
  rate.looked(0);
  expect(rate.at(0)).toBe(0);
  for (let ms = 1_000; ms <= 20_000; ms += 1_000) rate.looked(ms);
  expect(rate.at(20_000)).toBe(1);
  for (let ms = 20_150; ms <= 32_000; ms += 150) rate.looked(ms);
  expect(rate.at(32_000)).toBe(6.7);
  expect(rate.at(42_000)).toBe(0);
});
