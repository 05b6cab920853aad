const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const AGO = /^(\d+(?:\.\d+)?)([smhdw])$/;
/** A day alone would be midnight in UTC to `Date.parse`; a user means that of the clock on the wall. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * A moment, ms since the epoch: `30m`, `12h`, `2d`, `1w` before now, or a date or time such as 2026-11-24 or
 * 2026-11-24T08:00, local where it names no zone. Undefined for anything else.
 */
export function momentOf(text: string, now: number): number | undefined {
  const [, amount, unit] = AGO.exec(text) ?? [];
  if (unit !== undefined) return Math.round(now - Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]);
  if (!/^\d{4}-/.test(text)) return undefined; // Date.parse takes much that nobody means
  const at = Date.parse(DAY.test(text) ? `${text}T00:00` : text);
  return Number.isNaN(at) ? undefined : at;
}
