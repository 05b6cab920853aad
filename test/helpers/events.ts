import { readFileSync } from 'node:fs';
import type { StateReport } from '../../src/core/camera-state.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';

/** A valid event of camera `drive`; what a test is about, it changes. */
export function anEvent(changes: Partial<FalconetEvent> = {}): FalconetEvent {
  return {
    schema: 'falconet/event/1',
    id: 'drive-20261124T082254.123Z-7',
    seq: 0,
    run: 'k3f9',
    stream_seq: 0,
    type: 'new',
    reason: ['confirmed'],
    gateway: 'home',
    camera: 'drive',
    time: '2026-11-24T08:22:54.523Z',
    start: '2026-11-24T08:22:54.123Z',
    end: null,
    latency_ms: 41,
    late_s: 0,
    label: 'person',
    score: { current: 0.81, best: 0.93, median: 0.86 },
    box: [0.41, 0.32, 0.11, 0.38],
    frame: { width: 640, height: 360, seq: 90_211 },
    track: {
      id: 7,
      age_s: 0.4,
      stationary: false,
      velocity: [0.02, 0],
      path: [[0.465, 0.7]],
      reacquired: false,
    },
    zones: { current: [], entered: [], dwell_s: {} },
    lines: [],
    image: null,
    clip: null,
    model: { name: 'tiny-ssd', sha256: 'ab'.repeat(32) },
    ...changes,
  };
}

/** What such an event says of its picture. */
export function anImage(): NonNullable<FalconetEvent['image']> {
  return {
    ref: 'drive/a-0.jpg',
    sha256: 'ab'.repeat(32),
    time: anEvent().time,
    source: 'detect',
    offset_ms: 0,
    box: [0, 0, 1, 1],
  };
}

/** Camera `drive`, online; what a test is about, it changes. */
export function aReport(changes: Partial<StateReport> = {}): StateReport {
  const frames = { came: 100, looked: 97, dropped: { late: 2 } };
  return {
    camera: 'drive',
    state: 'online',
    reason: 'frames',
    since: 0,
    fps: 5,
    frames,
    health: {},
    refused: {},
    ...changes,
  };
}

/** The lines of a file that are whole: a full disk cuts one off. */
export function eventsIn(file: string): FalconetEvent[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as FalconetEvent];
      } catch {
        return [];
      }
    });
}

/** Camera `drive` is lost once, then started anew, comes to its end and begins again, and is switched off and on. */
export function onceLost(): readonly StateReport[] {
  const online = [aReport({ state: 'connecting', reason: 'starting' }), aReport()];
  return [
    ...online,
    aReport({ state: 'offline', reason: 'refused' }),
    aReport({ state: 'offline', reason: 'unreachable' }),
    aReport(),
    aReport({ state: 'offline', reason: 'stopped' }),
    ...online,
    aReport({ state: 'offline', reason: 'end-of-file' }),
    ...online,
    aReport({ state: 'disabled', reason: 'switched-off' }),
    ...online,
  ];
}
