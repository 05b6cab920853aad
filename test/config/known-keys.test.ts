import { expect, test } from 'vitest';
import { nearestKey } from '../../src/config/known-keys.ts';

test.each([
  { name: 'two letters swapped', path: ['cameras', 'porch'], unknown: 'fsp', meant: 'fps' },
  { name: 'a letter left out', path: ['mqtt'], unknown: 'pasword', meant: 'password' },
  { name: 'a letter too many', path: [], unknown: 'cameraas', meant: 'cameras' },
  { name: 'another spelling', path: ['mqtt'], unknown: 'basetopic', meant: 'base_topic' },
  { name: 'capitals', path: ['mqtt'], unknown: 'URL', meant: 'url' },
  { name: 'a key of a list', path: ['sinks', 1], unknown: 'image', meant: 'images' },
  {
    name: 'a key below a name',
    path: ['cameras', 'a', 'labels', 'person'],
    unknown: 'scores',
    meant: 'score',
  },
  { name: 'something else', path: ['cameras', 'porch'], unknown: 'colour', meant: undefined },
  { name: 'a word too short to tell', path: ['mqtt'], unknown: 'u', meant: undefined },
  { name: 'a block that does not exist', path: ['nowhere', 'at'], unknown: 'fps', meant: undefined },
  { name: 'a key of objects', path: [], unknown: '__proto__', meant: undefined },
])('an unknown key is told with the one that was meant: $name', ({ path, unknown, meant }) => {
  expect(nearestKey(path, unknown)).toBe(meant);
});
