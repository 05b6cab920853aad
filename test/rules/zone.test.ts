import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Point } from '../../src/core/polygon.ts';
import type { ZoneRule } from '../../src/rules/options.ts';
import { NEVER_INSIDE, type ZoneState, zoneHappenings, zoneOf, zoneStep } from '../../src/rules/zone.ts';

const GATE: ZoneRule = {
  polygon: [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.75, 0.75],
    [0.25, 0.75],
  ],
};
const SIZE = [0.1, 0.2] as const;
const IN = 0.5;
const OUT = 0.9;
/** Outside by less than a tenth of the object's height. */
const NEARLY_OUT = 0.76;

/** A walk up and down the middle of the picture, a look each `everyMs`. */
function walk(ys: readonly number[], { rule = GATE, everyMs = 200, label = 'person' } = {}) {
  const zone = zoneOf('gate', rule);
  let state: ZoneState = NEVER_INSIDE;
  let before: Point = [0.5, ys[0] ?? 0];
  const told = ys.map((y, i) => {
    const point: Point = [0.5, y];
    const look = { point, before, size: SIZE, at: i * everyMs };
    const next = zoneStep(state, zone, label, look);
    const happenings = zoneHappenings(state, next, zone);
    state = next;
    before = point;
    return happenings.join();
  });
  return { told, state };
}

const times = (count: number, y: number): number[] => new Array<number>(count).fill(y);

describe('a zone', () => {
  test('is entered once three looks in a row say so, and left likewise', () => {
    const { told, state } = walk([OUT, IN, IN, OUT, IN, IN, IN, IN, OUT, OUT, IN, OUT, OUT, OUT, OUT]);
    expect(told).toEqual([
      ...['', '', '', '', '', '', 'zone-enter:gate', ''],
      ...['', '', '', '', '', 'zone-leave:gate', ''],
    ]);
    expect(state.stay).toEqual({ zone: 'gate', since: undefined, beforeMs: 7 * 200 });
  });

  test('is entered with the second look where a camera gives a frame each second', () => {
    expect(walk([IN, IN, OUT, OUT], { everyMs: 1000 }).told).toEqual([
      '',
      'zone-enter:gate',
      '',
      'zone-leave:gate',
    ]);
  });

  test('is entered with the first look where its inertia is 1', () => {
    expect(walk([IN, OUT], { rule: { ...GATE, inertia: 1 } }).told).toEqual([
      'zone-enter:gate',
      'zone-leave:gate',
    ]);
  });

  test('is not left by who trembles on its border', () => {
    const trembling = [...times(3, IN), ...times(9, NEARLY_OUT), IN, ...times(9, NEARLY_OUT)];
    expect(walk(trembling).told.filter(Boolean)).toEqual(['zone-enter:gate']);
  });

  test('takes in no object whose label it does not have', () => {
    const rule = { ...GATE, labels: ['car'] };
    expect(walk(times(9, IN), { rule }).told.filter(Boolean)).toEqual([]);
    expect(walk(times(9, IN), { rule, label: 'car' }).told.filter(Boolean)).toEqual(['zone-enter:gate']);
  });

  test('tells who stays for its dwell, counted from the first look that saw it inside, once in each stay', () => {
    const rule = { ...GATE, dwellMs: 1000 };
    const { told, state } = walk([...times(8, IN), ...times(3, OUT), ...times(7, IN)], { rule });
    expect(told[2]).toBe('zone-enter:gate');
    expect(told[5]).toBe('dwell:gate');
    expect(told.filter((what) => what === 'dwell:gate')).toHaveLength(2);
    expect(state.hasVisited).toBe(true);
  });

  test('of a dwell counts as visited only after that', () => {
    expect(walk(times(4, IN), { rule: { ...GATE, dwellMs: 1000 } }).state.hasVisited).toBe(false);
    expect(walk(times(4, IN)).state.hasVisited).toBe(true);
  });

  test('is entered and left in turn, whatever the walk; time inside never exceeds time gone by', () => {
    const y = fc.constantFrom(IN, OUT, NEARLY_OUT, 0.75, 0.74);
    let enters = 0;
    fc.assert(
      fc.property(
        fc.array(y, { maxLength: 60, size: 'max' }),
        fc.integer({ min: 1, max: 3000 }),
        (ys, everyMs) => {
          const { told, state } = walk(ys, { everyMs });
          const happened = told.filter(Boolean);
          enters += happened.length;
          expect(happened).toEqual(
            happened.map((_, i) => (i % 2 === 0 ? 'zone-enter:gate' : 'zone-leave:gate')),
          );
          expect(state.membership.inside).toBe(happened.length % 2 === 1);
          expect(state.stay?.beforeMs ?? 0).toBeLessThanOrEqual(ys.length * everyMs);
        },
      ),
    );
    expect(enters).toBeGreaterThan(50);
  });
});
