import { z } from 'zod';
import { DAYS } from '../../core/days.ts';
import { textOf } from './text.ts';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
const LONGEST_MS = 86_400_000;
const WALL_TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;

/** A time of at most a day; see `durationMs`. */
export const duration = z
  .union([z.number().min(0), textOf(DURATION, 'a time such as 500ms, 2s, 5m or 1h')])
  .refine((value) => !(durationMs(value) > LONGEST_MS), 'expected a day at most')
  .meta({ expected: 'a time such as 500ms, 2s, 5m or 1h, or seconds' });

/** An hour of the clock on the wall; see `minuteOf`. */
const wallTime = textOf(WALL_TIME, 'a time of day such as 07:30, from 00:00 to 24:00');

/** Days and hours; a span that ends no later than it begins ends on the day after. */
export const schedule = z.array(
  z
    .strictObject({
      days: z
        .array(z.enum(DAYS))
        .min(1)
        .default([...DAYS])
        .meta({ title: 'Days on which it begins', expected: `a list of ${DAYS.join(', ')}` }),
      from: wallTime.default('00:00').meta({ title: 'When it begins' }),
      to: wallTime
        .default('24:00')
        .meta({ title: 'When it ends; where that is not later than from, on the day after' }),
    })
    .refine(({ from }) => from !== '24:00', { path: ['from'], message: 'expected a time before 24:00' })
    .refine(({ to }) => to !== '00:00', { path: ['to'], message: 'expected 24:00 for midnight' }),
);

/** IANA name of a time zone that this Node knows. */
export const timeZone = z
  .string()
  .refine(isTimeZone, 'expected a time zone such as Europe/Berlin')
  .meta({ expected: 'a time zone such as Europe/Berlin' });

/** `2s`, `1.5m` and the like in ms; a number alone is in seconds. */
export function durationMs(value: number | string): number {
  if (typeof value === 'number') return Math.round(value * 1_000);
  const [, amount, unit = 's'] = DURATION.exec(value) ?? [];
  return Math.round(Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]);
}

/** Minutes since midnight of `07:30` and the like. */
export function minuteOf(wallTime: string): number {
  return Number(wallTime.slice(0, 2)) * 60 + Number(wallTime.slice(3));
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
