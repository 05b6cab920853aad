import type { Polygon } from '../core/polygon.ts';
import { touchedCells } from '../core/touched-cells.ts';
import type { Grid } from './grey-picture.ts';
import { BLOCK_SHIFT, type Blocks } from './regions.ts';
import { rateOf } from './running-average.ts';

/**
 * What each cell of a scene usually looks like: a running average and, beside it, how far it usually is from that
 * (Wren et al. 1997, "Pfinder", section 4.1, with the mean absolute deviation instead of the variance). So trees and
 * noise raise their own threshold. A second, fast average tells what moves from what has come and stands still, as the
 * two of Porikli et al. 2008 ("Robust abandoned object detection using dual foregrounds") do. All arrays are
 * `[rows, columns]`, in grey levels of 255.
 */
export interface Background {
  readonly mean: Float32Array;
  readonly spread: Float32Array;
  /** What it looked like a moment ago: an average over a much shorter time. */
  readonly recent: Float32Array;
  /** Of the newest picture from the mean, its light taken into account. */
  readonly difference: Float32Array;
  /** Of the newest picture: `HAS_CHANGED`, `CHANGES_NOW` or 0. */
  readonly changes: Uint8Array;
  /** 1 where changes count. */
  readonly isOpen: Uint8Array;
  readonly openCells: number;
  /** Histogram of the newest picture's light. */
  readonly ratios: Uint16Array;
}

export interface Comparison {
  /** Changed cells of those that count, 0..1. */
  readonly share: number;
  /** How much brighter the picture is than the average, as a factor. */
  readonly light: number;
}

export interface Lesson {
  /** ms since the picture before. */
  readonly elapsedMs: number;
  /** How many pictures the average holds. */
  readonly pictures: number;
  /** Grey levels, as in `compareWith`. */
  readonly threshold: number;
}

/** A cell that is not as it usually is, and one that is not as it was a moment ago either. */
const HAS_CHANGED = 1;
const CHANGES_NOW = 2;
/** Of the spread: 3.2 standard deviations of normally distributed noise, whose mean deviation is 0.8 of one. */
const SPREADS = 4;
/** A busy street is no tree: whatever a cell is used to, a change of so many thresholds counts. */
const MOST_THRESHOLDS = 4;
/** In which a cell's average takes over 63 % of a change. */
const MEAN_MS = 4_000;
const SPREAD_MS = 20_000;
const RECENT_MS = 500;
/** Of the threshold, against what it looked like a moment ago. */
const LIVE = 0.75;
/** What passes by leaves half the trace that a new shadow does. */
const CHANGED_RATE = 0.5;
/** The light is judged by every so many cells, none darker than this. */
const LIGHT_STEP = 5;
const LIGHT_LEAST = 16;
/** Steps of the factor of light, from 0 to 4. */
const LIGHT_UNIT = 128;
const LIGHT_STEPS = 4 * LIGHT_UNIT;

/** @param masks - where changes do not count; a cell that one of them touches is closed. */
export function newBackground(
  { columns, rows }: Grid,
  grey: Uint8Array,
  threshold: number,
  masks: readonly Polygon[],
): Background {
  const isOpen = touchedCells(masks, { width: columns, height: rows }).map((isMasked) => 1 - isMasked);
  return {
    mean: Float32Array.from(grey),
    recent: Float32Array.from(grey),
    spread: new Float32Array(grey.length).fill(threshold / SPREADS),
    difference: new Float32Array(grey.length),
    changes: new Uint8Array(grey.length),
    isOpen,
    openCells: isOpen.reduce((sum, open) => sum + open, 0),
    ratios: new Uint16Array(LIGHT_STEPS),
  };
}

/** Notes each cell's difference from the average and whether it changed, and counts in `blocks` those that did. */
export function compareWith(
  background: Background,
  grey: Uint8Array,
  grid: Grid,
  blocks: Blocks,
  threshold: number,
): Comparison {
  const { openCells } = background;
  const light = lightOf(background, grey);
  noteChanges(background, grey, light, threshold);
  const changed = countChanges(background.changes, grid, blocks);
  return { share: openCells === 0 ? 0 : changed / openCells, light };
}

function noteChanges(background: Background, grey: Uint8Array, light: number, threshold: number): void {
  const { mean, spread, recent, difference, isOpen, changes } = background;
  const leastLive = threshold * LIVE;
  for (let i = 0; i < grey.length; i++) {
    const now = grey[i] as number;
    const distance = Math.abs(now - (mean[i] as number) * light);
    difference[i] = distance;
    const hasChanged = isOpen[i] === 1 && distance > limitOf(spread[i] as number, threshold);
    const isLive = Math.abs(now - (recent[i] as number)) > leastLive;
    changes[i] = hasChanged ? (isLive ? CHANGES_NOW : HAS_CHANGED) : 0;
  }
}

/**
 * Counts the cells that changed together with the one to their right: a streak of rain is one cell wide.
 *
 * @returns how many changed, alone or not.
 */
function countChanges(changes: Uint8Array, { columns, rows }: Grid, blocks: Blocks): number {
  const { counts, live } = blocks;
  let changed = 0;
  for (let row = 0, i = 0; row < rows; row++) {
    const firstBlock = (row >> BLOCK_SHIFT) * blocks.columns;
    for (let column = 0; column < columns; column++, i++) {
      const change = changes[i] as number;
      if (change === 0) continue;
      changed++;
      if (column + 1 === columns || changes[i + 1] === 0) continue;
      const block = firstBlock + (column >> BLOCK_SHIFT);
      counts[block] = (counts[block] as number) + 1;
      if (change === CHANGES_NOW) live[block] = (live[block] as number) + 1;
    }
  }
  return changed;
}

/** From which difference on a cell has changed. */
function limitOf(spread: number, threshold: number): number {
  return Math.min(Math.max(threshold, spread * SPREADS), threshold * MOST_THRESHOLDS);
}

/**
 * Takes the picture that was compared last into the average, by time and not by number, faster while there are few.
 * What is far beyond the usual counts for no more than twice the threshold, so that one who walks by does not make a
 * place restless.
 */
export function learn(background: Background, grey: Uint8Array, lesson: Lesson): void {
  const { mean, spread, recent, difference } = background;
  const { elapsedMs, pictures, threshold } = lesson;
  const meanRate = rateOf(elapsedMs, MEAN_MS, pictures);
  const spreadRate = rateOf(elapsedMs, SPREAD_MS, pictures);
  const recentRate = rateOf(elapsedMs, RECENT_MS, pictures);
  for (let i = 0; i < grey.length; i++) {
    const now = grey[i] as number;
    const before = mean[i] as number;
    const lately = recent[i] as number;
    const usual = spread[i] as number;
    const distance = difference[i] as number;
    const limit = limitOf(usual, threshold);
    const rate = distance > limit ? meanRate * CHANGED_RATE : meanRate;
    mean[i] = before + rate * (now - before);
    recent[i] = lately + recentRate * (now - lately);
    spread[i] = usual + spreadRate * (Math.min(distance, 2 * limit) - usual);
  }
}

/** Median of what each cell's grey is to its average, as a factor; 1 where all is dark. */
function lightOf({ mean, ratios }: Background, grey: Uint8Array): number {
  let count = 0;
  ratios.fill(0);
  for (let i = 0; i < grey.length; i += LIGHT_STEP) {
    const before = mean[i] as number;
    if (before < LIGHT_LEAST) continue;
    const step = Math.min(LIGHT_STEPS - 1, Math.round(((grey[i] as number) / before) * LIGHT_UNIT));
    ratios[step] = (ratios[step] as number) + 1;
    count++;
  }
  let below = 0;
  for (let step = 0; step < LIGHT_STEPS; step++) {
    below += ratios[step] as number;
    if (below * 2 > count) return step / LIGHT_UNIT;
  }
  return 1;
}
