import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Box } from '../../src/core/box.ts';
import type { Detection } from '../../src/core/detection.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import { expectWholeLives } from '../helpers/lives.ts';
import { syntheticCamera } from '../helpers/synthetic-camera.ts';

type Step =
  | { readonly what: 'look'; readonly waitMs: number; readonly detections: Detection[] }
  | { readonly what: 'lose' | 'find' | 'drop' | 'restart' };

const START = Date.parse('2026-11-24T08:00:00.000Z');
// A few places make lives long enough to matter.
const PLACES: Box[] = [
  [0.1, 0.1, 0.2, 0.4],
  [0.13, 0.12, 0.2, 0.4],
  [0.6, 0.5, 0.3, 0.3],
  [0, 0.8, 1, 0.2],
];
const detection: fc.Arbitrary<Detection> = fc.record({
  label: fc.constantFrom('person', 'car', 'bus'),
  score: fc.integer({ min: 10, max: 100 }).map((n) => n / 100),
  box: fc.constantFrom(...PLACES),
});
const waitMs = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 900 }) },
  { weight: 1, arbitrary: fc.integer({ min: 901, max: 3_600_000 }) },
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 14,
      arbitrary: fc.record({
        what: fc.constant('look' as const),
        waitMs,
        detections: fc.array(detection, { maxLength: 4 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('lose', 'find', 'drop', 'restart') }) },
  ),
  { maxLength: 80, size: 'max' },
);

/** All that one camera sends while that happens to it, and is stopped at last, or its source ends. */
async function eventsOf(all: readonly Step[], atEnd: 'stopped' | 'end-of-file'): Promise<FalconetEvent[]> {
  const events: FalconetEvent[] = [];
  const camera = syntheticCamera({ startMs: START, onEvent: (event) => events.push(event) });
  let last = Promise.resolve();
  for (const step of all) {
    if (step.what === 'look') {
      await last; // of a camera one frame at a time is under way; anything else may happen meanwhile
      last = camera.look(camera.now + step.waitMs, step.detections);
    } else {
      await camera[step.what]();
    }
  }
  if (atEnd === 'end-of-file') camera.lane.sourceEnded();
  await last;
  await camera.close();
  expect(camera.held, 'frames that nobody gave back').toBe(0);
  return events;
}

test('whatever is seen, lost and stopped, each new has exactly one end, and no number is missing', async () => {
  const seen = { lives: 0, lost: 0 };
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom('stopped', 'end-of-file'), async (all, atEnd) => {
      const events = await eventsOf(all, atEnd);
      seen.lives += expectWholeLives(events);
      seen.lost += events.filter(({ reason }) => reason.includes('source-lost')).length;
    }),
    { numRuns: 200 },
  );
  expect(seen.lives, 'lives that the property saw').toBeGreaterThan(100);
  expect(seen.lost, 'lives that ended with their source').toBeGreaterThan(10);
});
