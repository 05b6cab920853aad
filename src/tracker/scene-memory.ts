import { area, intersection, iou } from '../core/box.ts';
import { isLiving } from './label-groups.ts';
import type { Life } from './life.ts';

/** How long an object may be out of sight. */
export interface Patience {
  /** Unseen for longer than this, and in three looks, what moves ends. */
  readonly endAfterMs: number;
  /** The same for what was parked: its place is seen empty for so long. */
  readonly emptyAfterMs: number;
}

/** One wrong answer of the detector, or two, end nothing, however long the time between two looks. */
const END_LOOKS = 3;
/** For so long an ended object that parks is known again where it stood: a night in which nothing can be seen. */
const REMEMBER_MS = 12 * 3_600_000;
/** Remembered places of one camera; the newest stay. */
const MOST_PLACES = 64;
/** Share of a place that something else covers, from which it cannot be seen whether it is empty. */
const COVERED = 0.5;
/** IoU from which what stands in a place has taken it. */
const TAKEN = 0.5;

/** Whether it could not be seen for longer than a moving object is waited for, and still has its place. */
export function isWaitedFor({ still, memory, missed }: Life, { endAfterMs }: Patience): boolean {
  return memory === 'remembered' || (still.stationary && missed.ms > endAfterMs);
}

/**
 * Whether an unseen object is over. What moves is not waited for. What was parked is, for minutes in which its place
 * can be seen to be empty. A person or an animal walks off by itself: it is waited for as long as it stood there.
 */
export function isOver(life: Life, patience: Patience): boolean {
  const { looks, ms } = life.missed;
  return looks >= END_LOOKS && ms > patienceWith(life, patience);
}

/** Whether nothing can be said of its place: something stands or passes before it. */
export function isHidden({ still, group, box }: Life, seen: readonly Life[]): boolean {
  if (!still.stationary || isLiving(group)) return false;
  return seen.some((other) => intersection(box, other.box) > COVERED * area(box));
}

/** Whether another object of its group has come to stand where it stood. */
export function isReplaced({ still, group, box }: Life, seen: readonly Life[]): boolean {
  if (!still.stationary) return false;
  return seen.some((other) => other.still.stationary && other.group === group && iou(box, other.box) > TAKEN);
}

/** What is kept of objects that end because nobody looks any more: the places of those that stand. */
export function rememberAll(lives: readonly Life[]): Life[] {
  return newestPlaces(lives.filter(({ still, confirmed }) => still.stationary && confirmed).map(remember));
}

/** What is kept of an object that ends because it is out of sight: the place, if it is of those that park. */
export function rememberEnded(lives: readonly Life[]): Life[] {
  return lives
    .filter(({ memory, still, confirmed, group }) => {
      return memory !== 'remembered' && still.stationary && confirmed && !isLiving(group);
    })
    .map(remember);
}

/** The lives, with no more remembered ones than a camera may have. */
export function newestPlaces(lives: readonly Life[]): Life[] {
  const places = lives.filter(({ memory }) => memory === 'remembered');
  if (places.length <= MOST_PLACES) return [...lives];
  const kept = new Set(places.toSorted((a, b) => b.lastSeen - a.lastSeen).slice(0, MOST_PLACES));
  return lives.filter((life) => life.memory !== 'remembered' || kept.has(life));
}

function remember(life: Life): Life {
  return { ...life, memory: 'remembered', missed: { looks: 0, ms: 0 } };
}

function patienceWith(life: Life, { endAfterMs, emptyAfterMs }: Patience): number {
  const { still, group, memory, lastSeen } = life;
  if (!still.stationary) return endAfterMs;
  if (isLiving(group)) return Math.min(emptyAfterMs, Math.max(endAfterMs, lastSeen - still.anchor.at));
  return memory === 'remembered' ? REMEMBER_MS : emptyAfterMs;
}
