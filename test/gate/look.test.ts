import { beforeEach, describe, expect, test } from 'vitest';
import type { Box } from '../../src/core/box.ts';
import type { Detection, Square } from '../../src/core/detection.ts';
import type { Look } from '../../src/core/look.ts';
import type { Track } from '../../src/core/track.ts';
import { initialLooks, type LookState, lookStep, noteMotion } from '../../src/gate/look.ts';
import type { Motion } from '../../src/gate/motion.ts';
import { initialTracker, trackerStep } from '../../src/tracker/tracker.ts';

const PICTURE = { width: 640, height: 360 };
const WHOLE = { x: 0, y: 0, ...PICTURE };
const FRAME_MS = 200;
const STILL: Motion = { kind: 'still', regions: [] };
const MOVING: Motion = { kind: 'moving', regions: [{ x: 300, y: 150, width: 32, height: 64, cells: 40 }] };
const SQUARE = { x: 166, y: 32, width: 300, height: 300 };

let state: LookState;
let at: number;
beforeEach(() => {
  state = initialLooks();
  at = 1_000_000;
});

interface Options {
  readonly tracks?: readonly Track[];
  readonly maxSquares?: number;
}

/** What of the next frame is looked at. */
function next(motion: Motion, { tracks = [], maxSquares = 4 }: Options = {}): Look {
  let look: Look;
  at += FRAME_MS;
  state = noteMotion(state, motion, at);
  [state, look] = lookStep(state, { picture: PICTURE, tracks, at }, { inputSize: 300, maxSquares });
  return look;
}

/** The next frame comes, and is replaced by a newer one before anybody looks. */
function lost(motion: Motion): void {
  at += FRAME_MS;
  state = noteMotion(state, motion, at);
}

const many = (count: number, motion: Motion, options?: Options): Look[] =>
  Array.from({ length: count }, () => next(motion, options));

function track(changes: Partial<Track> = {}): Track {
  return {
    ...{
      id: 1,
      label: 'person',
      box: [0.1, 0.4, 0.05, 0.2],
      score: { current: 0.5, best: 0.5, median: 0.5 },
    },
    ...{ firstSeen: at, lastSeen: at, path: [], velocity: [0, 0], stationary: false, reacquired: false },
    ...{ confirmed: true, ended: false, ...changes },
  };
}

describe('a camera', () => {
  test('is looked at as a whole when it begins, and when its picture is another one everywhere', () => {
    expect(next({ kind: 'new', regions: [] })).toEqual({ why: 'first', squares: [WHOLE] });
    expect(next({ kind: 'everywhere', regions: [] })).toEqual({ why: 'everywhere', squares: [WHOLE] });
    expect(next(STILL).why).toBe('quiet');
  });

  test('that is quiet is looked at every two seconds, and not more often', () => {
    const whys = many(101, STILL).map(({ why }) => why);
    expect(whys.filter((why) => why !== 'quiet')).toHaveLength(11);
    expect(whys.slice(1, 12)).toEqual([...Array.from({ length: 9 }, () => 'quiet'), 'ceiling', 'quiet']);
  });

  test('that sends a picture every ten seconds is looked at each time', () => {
    const whys = Array.from({ length: 5 }, () => {
      at += 10_000 - FRAME_MS;
      return next(STILL).why;
    });
    expect(whys).toEqual(['first', ...Array.from({ length: 4 }, () => 'ceiling')]);
  });

  test('in which something small moves is looked at there in each frame, and as a whole every two seconds', () => {
    next(STILL);
    const looks = many(50, MOVING);
    expect(new Set(looks.map(({ why }) => why))).toEqual(new Set(['motion']));
    expect(looks[0]?.squares).toEqual([SQUARE]);
    expect(looks.filter(({ squares }) => squares.length === 2)).toHaveLength(5);
    expect(looks[9]?.squares).toEqual([WHOLE, SQUARE]);
  });

  test('is looked at for a moment after the motion, so that who stops at once is confirmed', () => {
    next(STILL);
    next(MOVING);
    const whys = many(8, STILL).map(({ why }) => why);
    expect(whys.filter((why) => why === 'motion')).toHaveLength(7);
    expect(whys.at(-1)).toBe('quiet');
  });

  test('whose frames are dropped while it moves is looked at where it moved', () => {
    next(STILL);
    lost(MOVING);
    lost(STILL);
    expect(next(STILL)).toEqual({ why: 'motion', squares: [SQUARE] });
  });

  test('that waits for the detector is looked at as a whole, however many frames were dropped', () => {
    next(STILL);
    lost({ kind: 'everywhere', regions: [] });
    for (let i = 0; i < 12; i++) lost(STILL);
    expect(next(STILL)).toEqual({ why: 'everywhere', squares: [WHOLE] });
  });

  test('with maxSquares 0 is never looked at in squares', () => {
    next(STILL);
    expect(many(5, MOVING, { maxSquares: 0 }).flatMap(({ squares }) => squares)).toEqual(
      Array.from({ length: 5 }, () => WHOLE),
    );
  });
});

describe('a track', () => {
  test('that moves is looked at where it is expected, though nothing else moves', () => {
    next(STILL);
    const walking = track({ velocity: [1, 0] });
    at += 200;
    expect(next(STILL, { tracks: [walking] })).toEqual({
      why: 'track',
      squares: [{ x: 186, y: 30, width: 300, height: 300 }],
    });
  });

  test('that is not confirmed yet is looked at until it is, or is not seen any more', () => {
    next(STILL);
    const unsure = track({ confirmed: false });
    const whys = many(9, STILL, { tracks: [unsure] }).map(({ why }) => why);
    expect(whys).toEqual([
      ...Array.from({ length: 5 }, () => 'track'),
      ...Array.from({ length: 4 }, () => 'quiet'),
    ]);
  });

  test('that stands still is looked at closely every two seconds, however long ago it was seen', () => {
    next(STILL);
    const looks = many(100, STILL, { tracks: [track({ stationary: true })] });
    expect(looks.filter(({ why }) => why === 'ceiling').map(({ squares }) => squares)).toEqual(
      Array.from({ length: 10 }, () => [WHOLE, { x: 0, y: 30, width: 300, height: 300 }]),
    );
    expect(looks.filter(({ why }) => why === 'quiet')).toHaveLength(90);
  });

  test('that stands still and is large is looked at with the whole picture, and hides nothing small', () => {
    next(STILL);
    const lorry = track({ stationary: true, box: [0.1, 0.1, 0.6, 0.8] });
    const inFront = track({ id: 2, stationary: true });
    expect(many(10, STILL, { tracks: [lorry] })[9]?.squares).toEqual([WHOLE]);
    expect(many(10, STILL, { tracks: [lorry, inFront] })[9]?.squares).toHaveLength(2);
  });

  test('of which a part moves is looked at as the object that it is', () => {
    next(STILL);
    const standing = track({ stationary: true, box: [0.45, 0.1, 0.2, 0.85] });
    expect(next(MOVING, { tracks: [standing] })).toEqual({ why: 'motion', squares: [WHOLE] });
  });
});

describe('what the detector sees in squares only', () => {
  /** Seconds of a picture with these objects, through gate, detector and tracker; what ended, and model runs of each look. */
  function watch(seconds: number, boxes: readonly Box[], motionAt: (second: number) => Motion = () => STILL) {
    let tracker = initialTracker();
    let tracks: readonly Track[] = [];
    const ended: number[] = [];
    const runs: number[] = [];
    for (let i = 0; i < seconds * 5; i++) {
      const { squares } = next(motionAt(i / 5), { tracks });
      if (squares.length === 0) continue;
      runs.push(squares.length);
      const isSeen = ([x, y, w, h]: Box) =>
        squares.some((square) => square.width <= 300 && isIn([x * 640, y * 360, w * 640, h * 360], square));
      const detections = boxes.filter(isSeen).map((box): Detection => ({ label: 'person', score: 0.8, box }));
      const looked = squares.map(({ x, y, width, height }): Box => {
        return [x / 640, y / 360, width / 640, height / 360];
      });
      const [following, all] = trackerStep(tracker, detections, at, { looked });
      tracker = following;
      tracks = all.filter((one) => !one.ended);
      ended.push(...all.filter((one) => one.ended).map(({ id }) => id));
    }
    return { open: tracks.map(({ id, stationary }) => ({ id, stationary })), ended, runs };
  }
  const isIn = ([x, y, w, h]: Box, square: Square): boolean =>
    x >= square.x && y >= square.y && x + w <= square.x + square.width && y + h <= square.y + square.height;
  const moving = (boxes: readonly Box[]): Motion => ({
    kind: 'moving',
    regions: boxes.map(([x, y, w, h]) => {
      return { x: x * 640, y: y * 360, width: w * 640, height: h * 360, cells: 40 };
    }),
  });
  const PERSON: Box = [0.5, 0.4, 0.05, 0.2];

  test('and stands is there for as long as it stands', () => {
    const comes = (second: number) => (second < 3 ? moving([PERSON]) : STILL);
    const { open, ended, runs } = watch(600, [PERSON], comes);
    expect(open).toEqual([{ id: 1, stationary: true }]);
    expect(ended).toEqual([]);
    expect(runs.slice(100)).toEqual(runs.slice(100).map(() => 2));
  });

  test('and stands is there while something large moves elsewhere for minutes', () => {
    const large: Box = [0, 0, 0.4, 1];
    const { open, ended } = watch(300, [PERSON], (second) => moving(second < 3 ? [PERSON] : [large]));
    expect(open).toEqual([{ id: 1, stationary: true }]);
    expect(ended).toEqual([]);
  });

  test('and stands in twelve places of a wide yard is looked at in turn, a square each time', () => {
    const wide = { width: 1920, height: 1080 };
    const cars = Array.from({ length: 12 }, (_, i) => {
      return track({ id: i, stationary: true, box: [(i % 6) / 6, i < 6 ? 0.1 : 0.8, 0.03, 0.03] });
    });
    const places = new Set<string>();
    for (let i = 0; i < 125; i++) {
      at += FRAME_MS;
      const [after, { squares }] = lookStep(
        noteMotion(state, STILL, at),
        { picture: wide, tracks: cars, at },
        { inputSize: 300 },
      );
      state = after;
      expect(squares.length).toBeLessThanOrEqual(2);
      for (const { x, y } of squares.slice(1)) places.add(`${x},${y}`);
    }
    expect(places.size).toBe(12);
  });
});
