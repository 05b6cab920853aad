import { expect, test, vi } from 'vitest';
import { faultsOf } from './faults.ts';

const unit = { nals: [], isKey: true };

test('pictures pass but while the camera is stalled', () => {
  const { faults, outgoing } = faultsOf(() => {});
  expect(outgoing(unit)).toBe(unit);
  faults.stall();
  expect(outgoing(unit)).toBeUndefined();
  faults.resume();
  expect(outgoing(unit)).toBe(unit);
});

test('drop cuts at once and only once', () => {
  const cutAll = vi.fn();
  const { faults, outgoing } = faultsOf(cutAll);
  faults.drop();
  expect(cutAll).toHaveBeenCalledOnce();
  expect(outgoing(unit)).toBe(unit);
});
