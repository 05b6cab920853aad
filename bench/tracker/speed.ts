/** Prints what one step of the tracker costs, by the number of objects in sight: median and 99th percentile, ms. */
import { parseArgs } from 'node:util';
import type { Detection } from '../../src/core/detection.ts';
import { initialTracker, trackerStep } from '../../src/tracker/tracker.ts';
import { seeded } from '../../test/tracker/scenes/random.ts';

const { values } = parseArgs({ options: { frames: { type: 'string', default: '3000' } } });
const frames = Number(values.frames);
const WARM_UP = 500;

for (const objects of [1, 10, 50, 200]) {
  const took = timeSteps(objects).sort((a, b) => a - b);
  const at = (share: number) => (took[Math.floor(share * took.length)] ?? 0).toFixed(3);
  console.log(
    `${String(objects).padStart(3)} objects: ${at(0.5)} ms a step, ${at(0.99)} at the 99th percentile`,
  );
}

function timeSteps(objects: number): number[] {
  const random = seeded(objects);
  const took: number[] = [];
  let state = initialTracker();
  for (let frame = 0; frame < frames + WARM_UP; frame++) {
    const detections = crowd(objects, frame / 5, random);
    const begin = performance.now();
    [state] = trackerStep(state, detections, frame * 200);
    if (frame >= WARM_UP) took.push(performance.now() - begin);
  }
  return took;
}

/** People on circles round a place each, so that neighbours meet; one in ten is missed, half are weak. */
function crowd(objects: number, seconds: number, random: ReturnType<typeof seeded>): Detection[] {
  const columns = Math.ceil(Math.sqrt(objects));
  return Array.from({ length: objects }, (_, i): Detection => {
    const turn = 0.3 * seconds + i;
    const x = ((i % columns) + 0.5 + 0.4 * Math.cos(turn)) / columns;
    const y = (Math.floor(i / columns) + 0.5 + 0.4 * Math.sin(turn)) / columns;
    const [width, height] = [0.5 / columns, 0.7 / columns];
    return {
      label: 'person',
      score: random.between(0.15, 0.9),
      box: [Math.max(0, x - width / 2), Math.max(0, y - height / 2), width, height],
    };
  }).filter(() => !random.chance(0.1));
}
