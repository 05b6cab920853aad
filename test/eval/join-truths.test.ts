import { expect, test } from 'vitest';
import { joinTruths } from '../../src/eval/join-truths.ts';
import { judged } from './judged.ts';

const named = (place: string, ids: readonly number[], label = 'cat') => ({
  place,
  categories: [{ id: 8, label }],
  truths: ids.map((id) => ({ ...judged([], []).truth, id, file: `${place}/${id}.jpg` })),
});

test('a file alone keeps its ids, so that results of other tools fit', () => {
  expect(joinTruths([named('a', [7, 9])]).truths.map(({ id }) => id)).toEqual([7, 9]);
});

test('the pictures of two files are told apart, whatever their ids', () => {
  const { truths } = joinTruths([named('a', [7, 9]), named('b', [7])]);
  expect(truths.map(({ id, file }) => [id, file])).toEqual([
    [1, 'a/7.jpg'],
    [2, 'a/9.jpg'],
    [3, 'b/7.jpg'],
  ]);
});

test('two files that mean other things by a category are not mixed', () => {
  expect(() => joinTruths([named('a', [1]), named('b', [1], 'dog')])).toThrow(
    'b: expected the categories of a',
  );
});
