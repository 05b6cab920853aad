import { expect, test } from 'vitest';
import { inWords, numberFrom, readPicture } from '../../nodes/lib/io.ts';
import { FalconetError } from '../../src/core/error.ts';

test.each([
  { name: 'nothing', payload: undefined, got: 'got nothing' },
  { name: 'null', payload: null, got: 'got nothing' },
  { name: 'a path, which could come from anywhere', payload: '/etc/passwd', got: 'got a string' },
  { name: 'a list', payload: [1, 2], got: 'got an array' },
  { name: 'an object without pixels', payload: {}, got: 'got another object' },
])('msg.payload is no picture: $name', async ({ payload, got }) => {
  await expect(readPicture(payload)).rejects.toThrow(got);
  await expect(readPicture(payload)).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' });
});

test.each([
  ['0.4', 0.4],
  [' 2 ', 2],
  [0.4, 0.4],
  ['auto', 'auto'],
  ['', ''],
  [' ', ' '],
  ['1e999', '1e999'],
  [undefined, undefined],
])('the field %j of a dialog is read as %j', (field, value) => {
  expect(numberFrom(field)).toBe(value);
});

test('who reads a failure reads what to do about it, too', () => {
  const error = inWords(new FalconetError('ENGINE_NONE', 'no engine loads', { hint: 'Install one' }));
  expect(String(error)).toBe('no engine loads (ENGINE_NONE). Install one.');
  expect(error).toHaveProperty('code', 'ENGINE_NONE');
});
