import { NEVER } from 'rxjs';
import { expect, onTestFinished, test } from 'vitest';
import { setClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Point } from '../../src/core/polygon.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import type { Tally } from '../../src/core/tally.ts';
import { type CameraPlan, runningCamera } from '../../src/pipeline/camera.ts';
import type { LineRule, RulesOptions, ZoneRule } from '../../src/rules/options.ts';
import { NO_FFMPEG } from '../helpers/golden.ts';
import { standingAt } from '../helpers/tracks.ts';

const START = Date.parse('2026-11-24T08:00:00.000Z');
const DETECTOR = {
  model: { name: 'tiny-ssd', sha256: 'ab'.repeat(32) },
  engine: { name: 'none', version: '0' },
  inputSize: 300,
};

const upright = (from: number, to: number): ZoneRule => ({
  polygon: [
    [from, 0],
    [to, 0],
    [to, 1],
    [from, 1],
  ],
  crowd: { count: 1, forMs: 0 },
});
const level = (y: number): LineRule => ({ from: [0, y], to: [1, y] });
const [left, right] = [upright(0, 0.5), { ...upright(0.5, 1), crowd: { count: 9, forMs: 0 } }];
const WRITTEN: RulesOptions = { zones: { left, right }, lines: { high: level(0.1), low: level(0.95) } };
const REORDERED: RulesOptions = { zones: { right, left }, lines: { low: level(0.95), high: level(0.1) } };

const planOf = (score: number, rules: RulesOptions): CameraPlan => ({
  camera: 'drive',
  source: { kind: 'file', path: 'drive.mp4', pace: 'fast', loop: false },
  fps: 5,
  rules: { labels: { person: { score } }, ...rules },
});

/** A person who stands on the left, between the lines, for as long as told, and others elsewhere. */
function standing() {
  const clock = setClock(START);
  const events: FalconetEvent[] = [];
  let tally: Tally | undefined;
  const camera = runningCamera({
    plan: planOf(0.5, WRITTEN),
    gateway: 'home',
    run: 'k3f9',
    detector: DETECTOR,
    ffmpeg: NO_FFMPEG,
    frames: () => NEVER,
    secrets: [],
    sinks: [
      {
        push: ({ event }) => void events.push(event),
        state() {},
        tally(_, next) {
          tally = next;
        },
      },
    ],
    clock,
    log: silentLog,
    onEnd() {},
  });
  onTestFinished(() => camera.stop('offline'));
  let seq = 0;
  return {
    camera,
    events,
    reasons: () => events.flatMap(({ reason }) => reason),
    tally: () => tally,
    async look(times: number, ...others: readonly Point[]) {
      const people = [[0.25, 0.6] as const, ...others];
      for (let i = 0; i < times; i++) {
        clock.set(clock.now() + 200);
        const frame = {
          camera: 'drive',
          seq: seq++,
          pts: clock.now() - START,
          wallTime: clock.now(),
          width: 640,
          height: 360,
          format: 'rgb24' as const,
          data: new Uint8Array(0),
          release() {},
        };
        camera.lane.accept(frame);
        const squares = [{ x: 0, y: 0, width: 640, height: 360 }];
        await camera.lane.look(frame, {
          detections: people.map((place) => ({ label: 'person', score: 0.8, ...standingAt(place) })),
          look: { why: 'always', squares },
          detectMs: 1,
        });
      }
    },
  };
}

test.each([
  { name: 'with another score', plans: [planOf(0.6, REORDERED)] },
  { name: 'and a score later', plans: [planOf(0.5, REORDERED), planOf(0.6, REORDERED)] },
])('zones and lines in another order, $name, move nobody who stands there', async ({ plans }) => {
  const { camera, look, reasons, tally, events } = standing();
  await look(10);
  const before = reasons();
  expect(before).toEqual(['confirmed', 'zone-enter:left', 'crowd:left']);
  for (const plan of plans) expect(camera.adopt(plan)).toBe(true);
  await look(10);
  expect(reasons()).toEqual(before);
  expect(tally()?.zones).toMatchObject({
    left: { occupied: true, crowded: true },
    right: { occupied: false },
  });
  await camera.stop('offline');
  expect(events.at(-1)).toMatchObject({ zones: { current: ['left'], entered: ['left'] }, lines: [] });
});

test('another score counts from the next object on; what is an event stays one', async () => {
  const { camera, look, reasons } = standing();
  await look(10);
  expect(camera.adopt(planOf(0.9, WRITTEN))).toBe(true);
  await look(10, [0.75, 0.6]);
  expect(reasons()).toEqual(['confirmed', 'zone-enter:left', 'crowd:left']);
  expect(camera.adopt(planOf(0.5, WRITTEN))).toBe(true);
  await look(1, [0.75, 0.6]);
  expect(reasons().slice(3)).toEqual(['confirmed', 'zone-enter:right']);
  await camera.stop('offline');
  expect(reasons().slice(5)).toEqual(['stopped', 'stopped']);
});

test.each([
  { name: 'a zone elsewhere', rules: { ...WRITTEN, zones: { left, right: left } } },
  { name: 'one zone fewer', rules: { ...WRITTEN, zones: { left } } },
  { name: 'a line elsewhere', rules: { ...WRITTEN, lines: { high: level(0.2), low: level(0.95) } } },
  { name: 'another cooldown', rules: { ...WRITTEN, cooldownMs: 1 } },
])('a camera with $name starts anew', ({ rules }) => {
  expect(standing().camera.adopt(planOf(0.5, rules))).toBe(false);
});
