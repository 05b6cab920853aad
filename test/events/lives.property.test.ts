import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Box } from '../../src/core/box.ts';
import type { Detection } from '../../src/core/detection.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { eventSchema, type FalconetEvent } from '../../src/core/schema/event.ts';
import { endAll, initialLives, lifeStep } from '../../src/events/life.ts';
import { compileRules } from '../../src/rules/compile.ts';
import { initialRules, rulesStep } from '../../src/rules/rules.ts';
import { initialTracker, trackerStep } from '../../src/tracker/tracker.ts';

const options = {
  gateway: 'home',
  camera: 'drive',
  run: 'k3f9',
  model: { name: 'tiny-ssd', sha256: '0'.repeat(64) },
};
const rules = compileRules({
  labels: { person: { score: 0.4 }, car: { score: 0.5, minArea: 0.01 } },
  zones: {
    lawn: {
      polygon: [
        [0, 0.2],
        [0.25, 0.2],
        [0.25, 0.8],
        [0, 0.8],
      ],
      dwellMs: 2000,
    },
  },
  lines: { kerb: { from: [0, 0.6], to: [1, 0.6] } },
});

const unit = fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000);
// A few fixed places make lives long enough to matter; free boxes bring the odd ones.
const places: Box[] = [
  [0.1, 0.1, 0.2, 0.4],
  [0.12, 0.11, 0.2, 0.4],
  [0.18, 0.15, 0.2, 0.4],
  [0.6, 0.5, 0.3, 0.3],
];
const anywhere = fc
  .tuple(unit, unit, unit, unit)
  .map(([x, y, w, h]): Box => [x, y, (1 - x) * w, (1 - y) * h]);
const detection: fc.Arbitrary<Detection> = fc.record({
  label: fc.constantFrom('person', 'car', 'dog'),
  score: unit,
  box: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...places) }, { weight: 1, arbitrary: anywhere }),
});
const waitMs = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 1500 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1501, max: 70_000 }) },
);
const detections = fc.array(detection, { maxLength: 6, size: 'max' });
const looks = fc.array(fc.tuple(waitMs, detections), { maxLength: 60, size: 'max' });

/** All events of one run: detections through tracker, rules and lives, then the end of everything. */
function run(steps: readonly (readonly [waitMs: number, detections: Detection[]])[]): FalconetEvent[] {
  let tracker = initialTracker();
  let ruled = initialRules(rules);
  let lives = initialLives();
  let time = Date.parse('2026-11-24T08:00:00.000Z');
  const all: FalconetEvent[] = [];
  for (const [seq, [wait, detections]] of steps.entries()) {
    time += wait;
    const [nextTracker, tracks] = trackerStep(tracker, detections, time);
    const frame = { seq, width: 640, height: 360, time };
    const [nextRuled, { judged }] = rulesStep(ruled, { tracks, frame }, time, rules);
    const [nextLives, events] = lifeStep(lives, { judged, frame, now: time + 5 }, options);
    [tracker, ruled, lives] = [nextTracker, nextRuled, nextLives];
    expect(events.map(({ type }) => type === 'end')).toEqual(events.map(({ type }) => type === 'end').sort());
    all.push(...events);
  }
  const [, ends] = endAll(lives, { now: time + 1000, reason: 'stopped' }, options);
  return [...all, ...ends];
}

test('whatever is seen, each life is one new, updates, one end; no number is missing', () => {
  const seen = { lives: 0, updates: 0 };
  fc.assert(
    fc.property(looks, (steps) => {
      const events = run(steps);
      expect(events.map(({ stream_seq }) => stream_seq)).toEqual(events.map((_, i) => i));
      for (const id of new Set(events.map((event) => event.id))) {
        const life = events.filter((event) => event.id === id);
        const updates = new Array<string>(Math.max(0, life.length - 2)).fill('update');
        expect(life.map(({ type }) => type)).toEqual(['new', ...updates, 'end']);
        expect(life.map(({ seq }) => seq)).toEqual(life.map((_, i) => i));
        seen.lives += 1;
        seen.updates += updates.length;
      }
    }),
  );
  expect(seen.lives, 'lives that the property saw').toBeGreaterThan(50);
  expect(seen.updates, 'updates that the property saw').toBeGreaterThan(50);
});

test('every event satisfies the zod schema and the JSON Schema that the package ships', () => {
  const schema = JSON.parse(readFileSync(join(packageRoot, 'schemas/event-1.schema.json'), 'utf8'));
  const validate = new Ajv2020({ validateFormats: false }).compile(schema);
  fc.assert(
    fc.property(looks, (steps) => {
      for (const event of run(steps)) {
        expect(eventSchema.parse(event)).toEqual(event);
        expect(validate(event), JSON.stringify(validate.errors)).toBe(true);
        expect(JSON.parse(JSON.stringify(event))).toEqual(event);
      }
    }),
  );
});
