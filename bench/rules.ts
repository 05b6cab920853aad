/**
 * Processor time that tracker and rules take for a frame with 50 objects on the move, 20 zones and 20 lines, and of
 * that the rules alone. `node --expose-gc bench/rules.ts [--frames 3000] [--rounds 7]`; memory is read where gc is exposed.
 */
import { parseArgs } from 'node:util';
import { showSummary, summarise } from '../src/cli/bench/summary.ts';
import type { Detection } from '../src/core/detection.ts';
import type { Polygon } from '../src/core/polygon.ts';
import type { Track } from '../src/core/track.ts';
import { compileRules } from '../src/rules/compile.ts';
import type { LineRule, RulesOptions, ZoneRule } from '../src/rules/options.ts';
import { initialRules, rulesStep } from '../src/rules/rules.ts';
import { initialTracker, trackerStep } from '../src/tracker/tracker.ts';
import { seeded } from '../test/tracker/scenes/random.ts';
import { heldMb } from './lib/held-memory.ts';
import { verdict } from './lib/verdict.ts';

const OBJECTS = 50;
const PLACES = 20;
const FRAME = { width: 640, height: 360 };
const FRAME_MS = 200;
/** Frames that are measured at once. */
const PIECE = 100;
const TARGET_MS = 0.3;

const { values } = parseArgs({
  options: { frames: { type: 'string', default: '3000' }, rounds: { type: 'string', default: '7' } },
});
const frames = Number(values.frames);
const rounds = Number(values.rounds);

const random = seeded(1);
const around = (x: number, y: number, radius: number): Polygon =>
  Array.from({ length: 6 }, (_, i) => {
    const angle = (i / 6) * 2 * Math.PI;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
const named = <T>(make: () => T): Record<string, T> =>
  Object.fromEntries(Array.from({ length: PLACES }, (_, i) => [`p${i}`, make()]));
const options: RulesOptions = {
  zones: named((): ZoneRule => {
    const polygon = around(random.between(0.2, 0.8), random.between(0.2, 0.8), random.between(0.1, 0.2));
    return { polygon, dwellMs: 2_000, crowd: { count: 3, forMs: 10_000 } };
  }),
  lines: named((): LineRule => ({ from: [random.between(0, 1), 0.1], to: [random.between(0, 1), 0.9] })),
};
const rules = compileRules(options);
/** Each walks round a place of its own, so that all live on, cross lines and enter zones. */
const walkers = Array.from({ length: OBJECTS }, (_, i) => ({
  x: 0.1 + (i % 10) * 0.09,
  y: 0.25 + Math.floor(i / 10) * 0.17,
  phase: random.between(0, 2 * Math.PI),
}));

let time = Date.parse('2026-11-24T08:00:00.000Z');
let tracker = initialTracker();
let ruled = initialRules(rules);
let happened = 0;

function detectionsAt(at: number): Detection[] {
  return walkers.map(({ x, y, phase }) => {
    const turn = phase + at / 3_000;
    const tremble = 0.002 * random.normal();
    return {
      label: 'person',
      score: 0.8,
      box: [x + 0.03 * Math.cos(turn) + tremble, y - 0.12 + 0.03 * Math.sin(turn), 0.04, 0.12],
    };
  });
}

/**
 * ms of processor time a frame, of both together, and of the rules alone: of the fastest hundred frames of a round, which
 * other work on the machine does not hold up.
 */
function round(): { both: number; rulesOnly: number } {
  let fastest = { both: Number.POSITIVE_INFINITY, rulesOnly: 0 };
  for (let done = 0; done < frames; done += PIECE) {
    const { tracksMs, rulesMs } = piece(PIECE);
    const both = (tracksMs + rulesMs) / PIECE;
    if (both < fastest.both) fastest = { both, rulesOnly: rulesMs / PIECE };
  }
  return fastest;
}

function piece(count: number): { tracksMs: number; rulesMs: number } {
  const times = Array.from({ length: count }, (_, i) => time + (i + 1) * FRAME_MS);
  time += count * FRAME_MS;
  const seen = times.map(detectionsAt);
  const [tracksMs, tracks] = timed(() =>
    seen.map((detections, i) => {
      const [next, found] = trackerStep(tracker, detections, times[i] as number);
      tracker = next;
      return found;
    }),
  );
  const [rulesMs] = timed(() => {
    for (const [i, at] of times.entries()) {
      const [next, { judged }] = rulesStep(ruled, { tracks: tracks[i] as Track[], frame: FRAME }, at, rules);
      ruled = next;
      happened += judged.reduce((sum, { happenings }) => sum + happenings.length, 0);
    }
  });
  return { tracksMs, rulesMs };
}

function timed<T>(work: () => T): [ms: number, T] {
  const begin = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(begin);
  return [(user + system) / 1_000, result];
}

round(); // compiled by then
const heldBefore = heldMb();
const measured = Array.from({ length: rounds }, round);
const both = summarise(measured.map((one) => one.both));
const rulesOnly = summarise(measured.map((one) => one.rulesOnly));
console.log(`${OBJECTS} objects, ${PLACES} zones, ${PLACES} lines; ${rounds} rounds of ${frames} frames`);
console.log(
  `tracker and rules  ${showSummary(both, 3)} ms a frame, ${verdict(both, { atMost: TARGET_MS }, ' ms')}`,
);
console.log(`rules alone        ${showSummary(rulesOnly, 3)} ms a frame`);
console.log(`${happened} happenings`);
if (heldBefore !== undefined) {
  console.log(`${heldBefore.toFixed(1)} MB held before, ${heldMb()?.toFixed(1)} MB after`);
}
