import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { monotonic } from '../../src/core/clock.ts';

const HOUR_MS = 3_600_000;

/** A system clock and an even one that the test moves. */
function clocks() {
  let wall = Date.UTC(2026, 10, 24, 8);
  let steady = 0;
  return {
    clock: monotonic({ now: () => wall }, () => steady),
    wall: () => wall,
    pass(ms: number) {
      wall += ms;
      steady += ms;
    },
    set(ms: number) {
      wall += ms;
    },
  };
}

describe('a clock that is set', () => {
  test('forward is followed at once', () => {
    const { clock, wall, set } = clocks();
    clock.now();
    set(HOUR_MS);
    expect(clock.now()).toBe(wall());
  });

  test('back does not stop time, and both agree in the end', () => {
    const { clock, wall, pass, set } = clocks();
    const before = clock.now();
    set(-HOUR_MS);
    pass(1000);
    expect(clock.now() - before).toBe(900);
    for (let minute = 0; minute < 9 * 60; minute++) {
      pass(60_000);
      clock.now();
    }
    expect(clock.now()).toBeGreaterThan(wall());
    pass(2 * HOUR_MS);
    expect(clock.now()).toBe(wall());
  });

  test('in any way never falls, and runs while time passes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ pass: fc.nat(100_000), set: fc.integer({ min: -HOUR_MS, max: HOUR_MS }) })),
        (steps) => {
          const { clock, pass, set } = clocks();
          let latest = clock.now();
          for (const step of steps) {
            set(step.set);
            pass(step.pass);
            const now = clock.now();
            expect(now - latest).toBeGreaterThanOrEqual(Math.floor(step.pass * 0.9) - 1);
            latest = now;
          }
        },
      ),
    );
  });
});
