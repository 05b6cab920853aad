import { describe, expect, test } from 'vitest';
import { choosePrecision, type PrecisionWish } from '../../src/detector/precision.ts';

const able: PrecisionWish = { wanted: 'auto', engine: 'onnx', hasInt8: true, dotProduct: 'avx_vnni' };

describe('the precision', () => {
  test.each([
    { name: 'where all is there', wish: able, precision: 'int8', why: 'the CPU has avx_vnni' },
    {
      name: 'on an old CPU',
      wish: { ...able, dotProduct: undefined },
      precision: 'fp32',
      why: 'the CPU has no dot product of bytes',
    },
    {
      name: 'of a model without int8',
      wish: { ...able, hasInt8: false },
      precision: 'fp32',
      why: 'the model has no int8',
    },
    {
      name: 'of WebAssembly',
      wish: { ...able, engine: 'wasm' as const },
      precision: 'fp32',
      why: 'wasm has no int8',
    },
  ])('$name is $precision, and says why', ({ wish, precision, why }) => {
    expect(choosePrecision(wish)).toEqual({ precision, why });
  });

  test.each(['fp32', 'int8'] as const)('is %s when that is asked for, whatever the CPU', (wanted) => {
    expect(choosePrecision({ ...able, dotProduct: undefined, wanted }).precision).toBe(wanted);
  });

  test.each([
    { name: 'the engine', wish: { ...able, engine: 'tfjs' as const }, says: 'tfjs has no int8' },
    { name: 'the model', wish: { ...able, hasInt8: false }, says: 'the model has no int8' },
  ])('int8 is refused where $name has none', ({ wish, says }) => {
    expect(() => choosePrecision({ ...wish, wanted: 'int8' })).toThrow(says);
  });
});
