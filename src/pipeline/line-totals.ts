import type { Keep } from '../core/keep.ts';
import { lineTotalsSchema } from '../core/schema/line-totals.ts';
import type { Tally } from '../core/tally.ts';

const DOCUMENT = 'line-totals';

/** How many objects crossed a camera's lines before this start; nothing where that was not kept or cannot be read. */
export function recallLineTotals(camera: string, keep?: Keep): Tally['lines'] {
  const kept = lineTotalsSchema.safeParse(keep?.read(camera, DOCUMENT));
  return kept.success ? kept.data : {};
}

export function keepLineTotals(camera: string, lines: Tally['lines'], keep?: Keep): void {
  keep?.write(camera, DOCUMENT, lines);
}
