import { vi } from 'vitest';
import type { FrameTotals } from '../../../src/core/frame-totals.ts';
import { byCamera, type Camera, type Heard } from './cast.ts';
import type { Fault } from './faults.ts';
import type { House } from './house.ts';

/** How a house came through a fault. */
export interface Outcome {
  readonly fault: Fault;
  /** From the strike until the gateway told it. */
  readonly toldMs: number;
  /** From the mending, or from the strike where nobody mended, until all was well. */
  readonly wellMs: number;
  /** All that was said between strike and well. */
  readonly heard: Heard;
  /** What became of each camera's frames meanwhile. */
  readonly frames: Readonly<Record<Camera, FrameTotals>>;
}

/** For the slowest fault on a busy machine. */
const PATIENCE = { timeout: 150_000, interval: 20 };

/** Strikes, waits until the gateway has told it, mends, and waits until all is well. */
export async function suffer(fault: Fault, house: House): Promise<Outcome> {
  const before = await house.figures();
  const sinceStrike = house.listen();
  const struckAt = performance.now();
  const mend = await fault.strike(house);
  await vi.waitFor(() => assert(fault.isTold(sinceStrike()), `"${fault.name}" was not told`), PATIENCE);
  const toldAt = performance.now();
  const sinceTold = house.listen();
  await mend?.();
  await vi.waitFor(() => assert(fault.isWell(sinceTold()), `"${fault.name}" is not over`), PATIENCE);
  const wellAt = performance.now();
  const heard = sinceStrike();
  const after = await house.figures();
  return {
    fault,
    toldMs: toldAt - struckAt,
    wellMs: wellAt - (mend === undefined ? struckAt : toldAt),
    heard,
    frames: byCamera((camera) => difference(before[camera], after[camera])),
  };
}

/** Frames of a camera that came and of which nobody knows what became of them yet. */
export function underWay({ came, looked, dropped }: FrameTotals): number {
  return came - looked - Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

function difference(before: FrameTotals, after: FrameTotals): FrameTotals {
  const earlier: Readonly<Record<string, number>> = before.dropped;
  const dropped = Object.entries(after.dropped).map(([reason, count]) => [
    reason,
    count - (earlier[reason] ?? 0),
  ]);
  return {
    came: after.came - before.came,
    looked: after.looked - before.looked,
    dropped: Object.fromEntries(dropped),
  };
}

function assert(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}
