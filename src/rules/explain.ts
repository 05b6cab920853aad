import type { Remark } from '../core/verdict.ts';
import type { Line, LineState } from './line.ts';
import type { Places, Trace } from './trace.ts';
import type { Zone, ZoneState } from './zone.ts';

/** What each zone and line says of an object that is now seen at `at`, ms since the epoch. */
export function explainPlaces(trace: Trace, label: string, places: Places, at: number): Remark[] {
  const zones = places.zones.flatMap((zone, i) => zoneRemarks(zone, trace.zones[i], label, at));
  const lines = places.lines.map((line, i) => lineRemark(line, trace, trace.lines[i], label));
  return [...zones, ...lines];
}

function zoneRemarks(zone: Zone, state: ZoneState | undefined, label: string, at: number): Remark[] {
  const { name, labels, inertia, dwellMs } = zone;
  const rule = `zone:${name}`;
  if (state === undefined || labels?.includes(label) === false) {
    return [{ rule, fired: false, why: `${label} is not asked for there` }];
  }
  const { membership, stay, hasDwelt } = state;
  const insideMs = stay?.since === undefined ? 0 : at - stay.since;
  const looks = membership.against === 0 ? '' : `, ${membership.against} of ${inertia} looks say otherwise`;
  const where = membership.inside ? `inside for ${seconds(insideMs)} s` : 'outside';
  const remarks = [{ rule, fired: membership.inside, why: where + looks }];
  if (dwellMs === undefined || !membership.inside) return remarks;
  const why = `inside for ${seconds(insideMs)} of ${seconds(dwellMs)} s`;
  return [...remarks, { rule: `dwell:${name}`, fired: hasDwelt, why }];
}

function lineRemark(
  { name, labels }: Line,
  { crossings }: Trace,
  state: LineState | undefined,
  label: string,
): Remark {
  const rule = `line:${name}`;
  const directions = crossings.filter(({ line }) => line === name).map(({ direction }) => direction);
  if (directions.length > 0) return { rule, fired: true, why: `crossed ${directions.join(', then ')}` };
  if (labels?.includes(label) === false)
    return { rule, fired: false, why: `${label} is not asked for there` };
  const side = {
    '-1': 'has been clearly on its left only',
    1: 'has been clearly on its right only',
    0: 'too near it',
  };
  return { rule, fired: false, why: side[state?.settled ?? 0] };
}

/** To a tenth. */
export function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
