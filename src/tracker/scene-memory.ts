import { area, intersection } from '../core/box.ts';
import { placeIou } from './associate.ts';
import { isLiving } from './label-groups.ts';
import type { Life } from './life.ts';
import { wayBetween } from './stillness.ts';

/** How long an object may be out of sight. */
export interface Patience {
  /** Unseen for longer than this, and in three looks, what moves ends. */
  readonly endAfterMs: number;
  /** The same for what was parked: its place is seen empty for so long. */
  readonly emptyAfterMs: number;
}

/** For so long at most a person or an animal is waited for. */
const LIVING_MS = 60_000;
/** Way from its place, in its size, at which it still rests; the boxes of a parked car in bad light are bad ones. */
const LIVING_WAY = 0.25;
const PARKED_WAY = 0.5;
/** One wrong answer of the detector, or two, end nothing, however long the time between two looks. */
const END_LOOKS = 3;
/** For so long an ended object that parks is known again where it stood: a night in which nothing can be seen. */
const REMEMBER_MS = 12 * 3_600_000;
/** Remembered places of one camera; the newest stay. */
const MOST_PLACES = 64;
/** For so long what stands before a place says nothing of it; then it is one that is seen to be empty. */
const HIDDEN_MS = 2 * 3_600_000;
/** Share of a place that something else covers, from which it cannot be seen whether it is empty. */
const COVERED = 0.5;
/** IoU from which what stands in a place has taken it. */
const TAKEN = 0.5;

/** Whether it could not be seen for longer than a moving object is waited for, and still has its place. */
export function isWaitedFor(life: Life, { endAfterMs }: Patience): boolean {
  return life.memory === 'remembered' || (isAtRest(life) && life.missed.ms > endAfterMs);
}

/**
 * Whether an unseen object is over. What moves is not waited for. What was parked is, for minutes in which its place
 * can be seen to be empty. A person or an animal walks off by itself: it is waited for as long as it stood there, a
 * minute at most.
 */
export function isOver(life: Life, patience: Patience): boolean {
  const { looks, ms } = life.missed;
  return looks >= END_LOOKS && ms > patienceWith(life, patience);
}

/**
 * Whether nothing can be said of its place: something has come to stand before it, or passes. What already stood there
 * when it was seen last, such as the table below a bottle, does not hide it.
 */
export function isHidden(life: Life, seen: readonly Life[]): boolean {
  if (!isAtRest(life) || isLiving(life.group) || life.hiddenMs >= HIDDEN_MS) return false;
  return seen.some((other) => {
    const stoodThere = isAtRest(other) && other.still.anchor.at <= life.lastSeen;
    return !stoodThere && intersection(life.box, other.box) > COVERED * area(life.box);
  });
}

/** Whether another object of its group has come to stand where it stood. */
export function isReplaced(life: Life, seen: readonly Life[]): boolean {
  if (!isAtRest(life)) return false;
  return seen.some((other) => {
    return isAtRest(other) && other.group === life.group && placeIou(life, other.box) > TAKEN;
  });
}

/** What is kept of objects that end because nobody looks any more: the places of those that stand. */
export function rememberAll(lives: readonly Life[]): Life[] {
  return newestPlaces(lives.filter((life) => life.confirmed && isAtRest(life)).map(remember));
}

/** What is waited for after a time in which nobody looked: in more than a minute, who walks has walked off. */
export function stillThere(lives: readonly Life[], now: number): Life[] {
  return lives.filter(({ group, lastSeen }) => !isLiving(group) || now - lastSeen <= LIVING_MS);
}

/** What is kept of an object that ends because it is out of sight: the place, if it is of those that park. */
export function rememberEnded(lives: readonly Life[]): Life[] {
  return lives
    .filter(
      (life) => life.confirmed && life.memory !== 'remembered' && isAtRest(life) && !isLiving(life.group),
    )
    .map(remember);
}

/** The lives, with no more remembered ones than a camera may have. */
export function newestPlaces(lives: readonly Life[]): Life[] {
  const places = lives.filter(({ memory }) => memory === 'remembered');
  if (places.length <= MOST_PLACES) return [...lives];
  const kept = new Set(places.toSorted((a, b) => b.lastSeen - a.lastSeen).slice(0, MOST_PLACES));
  return lives.filter((life) => life.memory !== 'remembered' || kept.has(life));
}

/** Whether it stands still, and did when it was seen last: what is on its way out is not waited for. */
function isAtRest({ still, box, group }: Life): boolean {
  return still.stationary && wayBetween(still.anchor.box, box) <= (isLiving(group) ? LIVING_WAY : PARKED_WAY);
}

function remember(life: Life): Life {
  return { ...life, memory: 'remembered', missed: { looks: 0, ms: 0 } };
}

function patienceWith(life: Life, { endAfterMs, emptyAfterMs }: Patience): number {
  const { still, group, memory, lastSeen } = life;
  if (!isAtRest(life)) return endAfterMs;
  if (isLiving(group)) return Math.min(LIVING_MS, Math.max(endAfterMs, lastSeen - still.anchor.at));
  return memory === 'remembered' ? REMEMBER_MS : emptyAfterMs;
}
