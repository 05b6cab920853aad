import { expect, test } from 'vitest';
import { faultsOf } from './faults.ts';

const key = { nals: [Buffer.from([0x65, 1, 2, 3, 4, 5, 6, 7, 8])], isKey: true };
const other = { nals: [Buffer.from([0x41, 9])], isKey: false };

test('pictures pass but while the camera is stalled', () => {
  const { faults, outgoing } = faultsOf();
  expect(outgoing(key)).toBe(key);
  faults.stall();
  expect(outgoing(key)).toBeUndefined();
  faults.resume();
  expect(outgoing(key)).toBe(key);
});

test('a frozen camera sends its last key frame over and over', () => {
  const { faults, outgoing } = faultsOf();
  outgoing(key);
  outgoing(other);
  faults.freeze();
  expect([outgoing(other), outgoing({ ...key, nals: other.nals })]).toEqual([key, key]);
});

test('garbled pictures keep their length and the kind of their NAL units', () => {
  const { faults, outgoing } = faultsOf();
  faults.garble();
  const [nal] = outgoing(key)?.nals ?? [];
  expect(nal).toHaveLength(9);
  expect(nal?.[0]).toBe(0x65);
  expect(nal).not.toEqual(key.nals[0]);
});

test('another clip is shown from its start on, over and over', () => {
  const { faults, outgoing } = faultsOf();
  faults.show([key, other]);
  expect([outgoing(other), outgoing(other), outgoing(other)]).toEqual([key, other, key]);
});
