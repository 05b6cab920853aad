import type { Point } from '../../src/core/polygon.ts';
import type { Track } from '../../src/core/track.ts';

/** A confirmed person of a tenth by two tenths of the picture; what a test is about, it changes. */
export function aTrack(changes: Partial<Track> = {}): Track {
  return {
    id: 1,
    label: 'person',
    box: [0.45, 0.3, 0.1, 0.2],
    score: { current: 0.6, best: 0.6, median: 0.6 },
    firstSeen: 0,
    lastSeen: 0,
    path: [],
    velocity: [0, 0],
    stationary: false,
    reacquired: false,
    confirmed: true,
    ended: false,
    ...changes,
  };
}

/** Where its box is when its bottom centre is at a point. */
export function standingAt([x, y]: Point, width = 0.1, height = 0.2): Pick<Track, 'box'> {
  return { box: [x - width / 2, y - height, width, height] };
}
