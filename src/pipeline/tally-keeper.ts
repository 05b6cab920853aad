import type { Keep } from '../core/keep.ts';
import { countedLabelsSchema } from '../core/schema/counted-labels.ts';
import { lineTotalsSchema } from '../core/schema/line-totals.ts';
import type { Tally } from '../core/tally.ts';
import type { CountedBefore } from '../rules/tally.ts';

/** Keeps over restarts what a camera has counted. */
export interface TallyKeeper {
  /** What was kept last: nothing where there is nothing, or nothing that can be read. */
  recall(): CountedBefore;
  /** Writes what of a tally that has changed is to be kept. */
  note(tally: Tally, before: Tally): void;
}

const LINES = 'line-totals';
const LABELS = 'counted-labels';

/** @param keep - @default nothing outlives the lane */
export function tallyKeeper(camera: string, keep?: Keep): TallyKeeper {
  let kept = 0;
  return {
    recall() {
      const lines = lineTotalsSchema.safeParse(keep?.read(camera, LINES));
      const labels = countedLabelsSchema.safeParse(keep?.read(camera, LABELS));
      kept = labels.data?.length ?? 0;
      return { lines: lines.data ?? {}, labels: labels.data ?? [] };
    },
    note({ lines, counts }, before) {
      if (lines !== before.lines) keep?.write(camera, LINES, lines);
      const labels = Object.keys(counts); // never fewer than were recalled
      if (labels.length === kept) return;
      kept = labels.length;
      keep?.write(camera, LABELS, labels);
    },
  };
}
