import { DAYS, type Day } from '../core/days.ts';

/** Days and hours, by the clock on a wall of the time zone. */
export interface Schedule {
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
  readonly times: readonly TimeSpan[];
}

/** From a minute of each of some days to another one; where that is not later, to the one of the day after. */
export interface TimeSpan {
  readonly days: readonly Day[];
  /** Minutes since midnight, 0..1439; this minute belongs to it. */
  readonly from: number;
  /** 1..1440; this minute does not. */
  readonly to: number;
}

const MINUTE_MS = 60_000;

/**
 * Whether a time, ms since the epoch, lies within a schedule. Summer time is what the clock on the wall makes of it: an
 * hour that is left out has no minutes, one that comes twice is in the schedule twice.
 *
 * @throws RangeError when there is no such time zone.
 */
export function compileSchedule({ timeZone, times }: Schedule): (at: number) => boolean {
  const clock = new Intl.DateTimeFormat('en', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  let minute = Number.NaN;
  let answer = false;
  return (at) => {
    const current = Math.floor(at / MINUTE_MS);
    if (current !== minute) {
      const wall = readWall(clock, at);
      answer = times.some((span) => holds(span, wall));
      minute = current;
    }
    return answer;
  };
}

interface WallTime {
  readonly day: number;
  readonly minute: number;
}

function readWall(clock: Intl.DateTimeFormat, at: number): WallTime {
  const parts = clock.formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  const day = (DAYS as readonly string[]).indexOf(part('weekday').toLowerCase());
  return { day, minute: Number(part('hour')) * 60 + Number(part('minute')) };
}

function holds({ days, from, to }: TimeSpan, { day, minute }: WallTime): boolean {
  const isDay = (number: number) => days.includes(DAYS[(number + 7) % 7] as Day);
  if (from < to) return isDay(day) && minute >= from && minute < to;
  return (isDay(day) && minute >= from) || (isDay(day - 1) && minute < to);
}
