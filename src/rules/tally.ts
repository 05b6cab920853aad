import type { Crossing, Stay } from '../core/judged.ts';
import type { Counts, LineTotals, Tally, ZoneTally } from '../core/tally.ts';
import type { Rules } from './compile.ts';

/** An object that is counted. */
export interface Counted {
  readonly label: string;
  readonly stays: readonly Stay[];
}

/** What was counted before a start. */
export interface CountedBefore {
  /** Totals to count on from. */
  readonly lines: Tally['lines'];
  /** Labels that were seen. */
  readonly labels: readonly string[];
}

const NO_ZONE: ZoneTally = { counts: {}, occupied: false, crowded: undefined };

/** Nobody there; of what was counted before, lines that are gone are left out. */
export function emptyTally(rules: Rules, before: CountedBefore): Tally {
  const lines = rules.places.lines.map(({ name, labels = rules.labels }) => {
    const zeros = Object.fromEntries(labels.map((label): [string, LineTotals] => [label, { in: 0, out: 0 }]));
    return [name, { ...zeros, ...own(before.lines, name) }] as const;
  });
  const crowded = new Map(rules.crowds.map(({ zone }) => [zone, false]));
  const zones = rules.places.zones.map(({ name, labels = before.labels }): [string, ZoneTally] => [
    name,
    { ...NO_ZONE, counts: countsOf(labels, {}, []), crowded: crowded.get(name) },
  ]);
  const counts = countsOf(before.labels, {}, []);
  return withObjects(
    { counts, zones: Object.fromEntries(zones), lines: Object.fromEntries(lines) },
    [],
    rules,
  );
}

/** The tally with these objects in sight. */
export function withObjects(before: Tally, objects: readonly Counted[], rules: Rules): Tally {
  const labels: string[] = [];
  const labelsIn = new Map<string, string[]>(rules.places.zones.map(({ name }) => [name, []]));
  for (const { label, stays } of objects) {
    labels.push(label);
    for (const { zone, since } of stays) if (since !== undefined) labelsIn.get(zone)?.push(label);
  }
  const zones = rules.places.zones.map(({ name, labels: known = rules.labels }): [string, ZoneTally] => {
    const zone = own(before.zones, name) ?? NO_ZONE;
    const inside = labelsIn.get(name) ?? [];
    return [name, { ...zone, counts: countsOf(known, zone.counts, inside), occupied: inside.length > 0 }];
  });
  const counts = countsOf(rules.labels, before.counts, labels);
  return { counts, zones: Object.fromEntries(zones), lines: before.lines };
}

/** The tally with one more object that has crossed a line. */
export function withCrossing(tally: Tally, label: string, { line, direction }: Crossing): Tally {
  const totals = own(tally.lines, line) ?? {};
  const before = own(totals, label);
  const after = { in: before?.in ?? 0, out: before?.out ?? 0 };
  after[direction]++;
  return { ...tally, lines: { ...tally.lines, [line]: { ...totals, [label]: after } } };
}

export function withCrowd(tally: Tally, zone: string, crowded: boolean): Tally {
  return { ...tally, zones: { ...tally.zones, [zone]: { ...(own(tally.zones, zone) ?? NO_ZONE), crowded } } };
}

/** Labels that were known before stay, with 0, so that whoever reads the numbers sees them fall. */
function countsOf(known: readonly string[], before: Counts, labels: readonly string[]): Counts {
  const counts = new Map(known.map((label) => [label, 0]));
  for (const label of Object.keys(before)) counts.set(label, 0);
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** A zone, line or label may have the name of a property that every object has. */
function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
