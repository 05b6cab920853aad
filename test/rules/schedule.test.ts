import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAYS, type Day } from '../../src/core/days.ts';
import { compileSchedule, type TimeSpan } from '../../src/rules/schedule.ts';

const at = (iso: string): number => Date.parse(iso);
const berlin = (...times: TimeSpan[]) => compileSchedule({ timeZone: 'Europe/Berlin', times });
const nights = berlin({ days: ['fri'], from: 22 * 60, to: 6 * 60 });

describe('a schedule', () => {
  test.each([
    { name: 'Friday before it', when: '2026-11-27T21:59:59.999+01:00', within: false },
    { name: 'Friday when it begins', when: '2026-11-27T22:00:00+01:00', within: true },
    { name: 'Saturday in the small hours', when: '2026-11-28T05:59:59.999+01:00', within: true },
    { name: 'Saturday when it ends', when: '2026-11-28T06:00:00+01:00', within: false },
    { name: 'Saturday night', when: '2026-11-28T23:00:00+01:00', within: false },
    { name: 'Friday in the small hours', when: '2026-11-27T05:00:00+01:00', within: false },
    { name: 'Friday night in summer', when: '2026-07-03T22:30:00+02:00', within: true },
  ])('from Friday 22:00 to 06:00: $name is $within', ({ when, within }) => {
    expect(nights(at(when))).toBe(within);
  });

  test('follows the clock on the wall when summer begins and ends', () => {
    const early = berlin({ days: [...DAYS], from: 2 * 60 + 30, to: 3 * 60 + 30 });
    // On 29 March 2026 02:00 is followed by 03:00: half an hour is left of it.
    expect(early(at('2026-03-29T00:59:00Z'))).toBe(false);
    expect(early(at('2026-03-29T01:00:00Z'))).toBe(true);
    expect(early(at('2026-03-29T01:29:00Z'))).toBe(true);
    expect(early(at('2026-03-29T01:30:00Z'))).toBe(false);
    // On 25 October 2026 the hour from 02:00 comes twice.
    expect(early(at('2026-10-25T00:29:00Z'))).toBe(false);
    expect(early(at('2026-10-25T00:30:00Z'))).toBe(true);
    expect(early(at('2026-10-25T01:00:00Z'))).toBe(false);
    expect(early(at('2026-10-25T01:30:00Z'))).toBe(true);
    expect(early(at('2026-10-25T02:30:00Z'))).toBe(false);
  });

  test('without a span never holds, and one whole day holds from midnight to midnight', () => {
    expect(berlin()(0)).toBe(false);
    const monday = berlin({ days: ['mon'], from: 0, to: 1440 });
    expect(monday(at('2026-11-23T00:00:00+01:00'))).toBe(true);
    expect(monday(at('2026-11-23T23:59:59+01:00'))).toBe(true);
    expect(monday(at('2026-11-24T00:00:00+01:00'))).toBe(false);
  });

  test('holds as often in a week as its spans are long, whatever they are', () => {
    const span = fc.record({
      days: fc.uniqueArray(fc.constantFrom<Day>(...DAYS), { minLength: 1 }),
      from: fc.integer({ min: 0, max: 95 }).map((n) => n * 15),
      to: fc.integer({ min: 1, max: 96 }).map((n) => n * 15),
    });
    fc.assert(
      fc.property(span, (one) => {
        const holds = compileSchedule({ timeZone: 'UTC', times: [one] });
        const quarters = Array.from({ length: 7 * 96 }, (_, i) =>
          holds(at('2026-11-23T00:00:00Z') + i * 900_000),
        );
        const length = one.from < one.to ? one.to - one.from : 1440 - one.from + one.to;
        expect(quarters.filter(Boolean)).toHaveLength((length / 15) * one.days.length);
      }),
      { numRuns: 20 },
    );
  });

  test('of a time zone that does not exist is refused', () => {
    expect(() => compileSchedule({ timeZone: 'Mars/Olympus', times: [] })).toThrow(RangeError);
  });
});
