import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accessUnits, parameterSets, splitNals } from './annex-b.ts';

const SPS = Buffer.from([0x67, 0x4d, 0x40, 0x1e]);
const PPS = Buffer.from([0x68, 0xee]);
const KEY = Buffer.from([0x65, 0x88, 0x01]);
const SECOND_SLICE = Buffer.from([0x41, 0x40, 0x01]);
const SLICE = Buffer.from([0x41, 0x9a, 0x01]);
const INFORMATION = Buffer.from([0x06, 0x05, 0x80]);

test.each([
  { name: 'nothing', nals: [], units: [] },
  { name: 'parameters without a picture', nals: [SPS, PPS], units: [] },
  { name: 'parameters go with the key frame behind them', nals: [SPS, PPS, KEY], units: [[SPS, PPS, KEY]] },
  { name: 'a picture each', nals: [KEY, SLICE, SLICE], units: [[KEY], [SLICE], [SLICE]] },
  {
    name: 'slices of one picture stay together',
    nals: [SLICE, SECOND_SLICE],
    units: [[SLICE, SECOND_SLICE]],
  },
  {
    name: 'information goes with the next',
    nals: [KEY, INFORMATION, SLICE],
    units: [[KEY], [INFORMATION, SLICE]],
  },
])('pictures of a stream: $name', ({ nals, units }) => {
  expect(accessUnits(nals).map((unit) => unit.nals)).toEqual(units);
});

test('a key frame is known as such, so that a client can begin there', () => {
  expect(accessUnits([SPS, PPS, KEY, SLICE]).map(({ isKey }) => isKey)).toEqual([true, false]);
});

test('parameter sets are found, and missed when one is not there', () => {
  expect(parameterSets([INFORMATION, SPS, PPS, KEY])).toEqual({ sps: SPS, pps: PPS });
  expect(parameterSets([SPS, KEY])).toBeUndefined();
});

test('any units, joined by short and long start codes, come apart again', () => {
  // No zeros: an encoder keeps start codes out of a unit (ITU-T H.264, 7.4.1).
  const nal = fc.uint8Array({ min: 1, minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes));
  const piece = fc.tuple(fc.constantFrom(3, 4), nal);
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const stream = pieces.flatMap(([zeros, unit]) => [Buffer.alloc(zeros - 1), Buffer.from([1]), unit]);
      expect(splitNals(Buffer.concat(stream))).toEqual(pieces.map(([, unit]) => unit));
    }),
  );
});
