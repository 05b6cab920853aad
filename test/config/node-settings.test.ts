import { expect, test } from 'vitest';
import { nodeRules } from '../../src/config/node-settings.ts';

const MASK = [
  [
    [0, 0],
    [1, 0],
    [1, 1],
  ],
];

test('a privacy mask in the rules of a track, where it would hide nothing, is refused in words', () => {
  expect(() => nodeRules({ masks: { privacy: MASK } })).toThrow(
    'track has mistakes: masks: expected those of objects; privacy masks are drawn in the dialog of the camera',
  );
  expect(nodeRules({ masks: { object: MASK } }).masks.object).toEqual(MASK);
  expect(nodeRules({}).masks.object).toEqual([]);
});
