/** A time, ms since the epoch, as events and topics tell it: ISO 8601 in UTC, with milliseconds. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
