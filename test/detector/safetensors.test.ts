import { describe, expect, test } from 'vitest';
import { fromHalf, readFloats, readSafetensors } from '../../src/detector/safetensors.ts';

describe('half-precision weights', () => {
  // Of https://en.wikipedia.org/wiki/Half-precision_floating-point_format, table of examples.
  test.each([
    { bits: 0x0000, value: 0 },
    { bits: 0x0001, value: 2 ** -24 },
    { bits: 0x03ff, value: 1023 * 2 ** -24 },
    { bits: 0x0400, value: 2 ** -14 },
    { bits: 0x3555, value: 0.333251953125 },
    { bits: 0x3c01, value: 1.0009765625 },
    { bits: 0x7bff, value: 65504 },
    { bits: 0x7c00, value: Infinity },
    { bits: 0xfc00, value: -Infinity },
    { bits: 0xc000, value: -2 },
    { bits: 0x7e00, value: NaN },
  ])('$bits is $value', ({ bits, value }) => {
    expect(fromHalf(bits)).toBe(value);
  });
});

describe('a safetensors file', () => {
  const good = { a: { dtype: 'F16', shape: [2], data_offsets: [0, 4] } };

  test('gives its arrays, wherever in memory it lies', () => {
    const bytes = file({ __metadata__: { by: 'test' }, ...good }, [0x00, 0x3c, 0x00, 0xc0]);
    const shifted = Uint8Array.of(0, ...bytes).subarray(1);
    const place = readSafetensors(shifted).get('a');
    expect(place && [...readFloats(shifted, place)]).toEqual([1, -2]);
  });

  test.each([
    { name: 'empty', bytes: new Uint8Array(0), says: 'expected a safetensors file' },
    { name: 'something else', bytes: Buffer.from('<!doctype html>'), says: 'expected a safetensors file' },
    { name: 'cut short', bytes: file(good, [0]), says: 'expected a to have 4 bytes within the file' },
    {
      name: 'of other floats',
      bytes: file({ a: { ...good.a, dtype: 'F32' } }, []),
      says: 'type F16, got F32',
    },
    {
      name: 'without offsets',
      bytes: file({ a: { dtype: 'F16', shape: [2] } }, []),
      says: 'a shape and offsets',
    },
  ])('that is $name is refused, not read as noise', ({ bytes, says }) => {
    expect(() => readSafetensors(bytes)).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringContaining(says) }),
    );
  });
});

function file(header: object, data: readonly number[]): Uint8Array {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Uint8Array.from(data)]);
}
