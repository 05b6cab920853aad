/**
 * A day of one camera in virtual time: made-up detections through its lane, with tracker, rules and lives, while its
 * stream is lost and it is started again now and then. Shows that each `new` gets exactly one `end`, and that nothing
 * grows. `node --expose-gc bench/soak.ts [--hours 24] [--seed 1]`; exit code 1 when one of them does not hold.
 */
import { parseArgs } from 'node:util';
import { median } from '../src/cli/bench/summary.ts';
import { parseConfig } from '../src/config/load.ts';
import { packageRoot } from '../src/core/package-root.ts';
import { cameraPlans } from '../src/daemon/camera-plans.ts';
import { type SyntheticCamera, syntheticCamera } from '../test/helpers/synthetic-camera.ts';
import { seeded } from '../test/tracker/scenes/random.ts';
import { yard } from './soak/day.ts';
import { ledger } from './soak/ledger.ts';

const CONFIG = `
cameras:
  yard:
    source: yard.mp4
    cooldown: 20s
    labels:
      person: { score: 0.4 }
      dog: { score: 0.4, zones: [lawn] }
      bicycle: { score: 0.4, max_speed: 1 }
      car: { score: 0.4, cooldown: 0s }
    zones:
      bays: { polygon: [[0, 0.25], [1, 0.25], [1, 0.5], [0, 0.5]], labels: [car], dwell: 5m }
      lawn: { polygon: [[0, 0.5], [1, 0.5], [1, 1], [0, 1]], crowd: { count: 2 } }
    lines:
      kerb: { from: [0.5, 0.2], to: [0.5, 1] }
    masks:
      object: [[[0.9, 0], [1, 0], [1, 0.15], [0.9, 0.15]]]
`;
const HOUR_MS = 3_600_000;
/** Chance of a frame that it is the last before a loss (some each hour), or before a restart (some each day). */
const LOSS = 1 / 9_000;
const RESTART = 1 / 90_000;
const LONGEST_LOSS_MS = 120_000;
/** What the heap may differ by between the first and the last hours; the ids of all lives are in it. */
const MOST_GROWTH_MB = 2;

const { values } = parseArgs({
  options: { hours: { type: 'string', default: '24' }, seed: { type: 'string', default: '1' } },
});
const hours = Number(values.hours);
const seed = Number(values.seed);
const { gc } = globalThis;
if (gc === undefined) throw new TypeError('expected node --expose-gc');

const book = ledger();
const heaps: number[] = [];
const random = seeded(seed);
let frames = 0;
let camera: SyntheticCamera | undefined;
let startMs = 0;
let lostUntil = 0;
const began = performance.now();

const COLUMNS = { hour: 5, frames: 8, events: 7, lives: 6, open: 5, tracks: 7, 'ms/frame': 9, 'heap MB': 8 };
print(Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, name])));
for (const { at, detections } of yard({ hours, seed })) {
  if (camera === undefined) camera = begin(at);
  if (at - startMs >= (heaps.length + 1) * HOUR_MS) report(camera);
  if (at < lostUntil) continue;
  if (lostUntil > 0) camera.find();
  lostUntil = 0;
  frames++;
  await camera.look(at, detections);
  if (random.chance(RESTART)) await camera.restart();
  if (random.chance(LOSS)) {
    camera.lose();
    lostUntil = at + random.between(1_000, LONGEST_LOSS_MS);
  }
}
if (camera === undefined) throw new TypeError(`expected --hours above 0, got ${values.hours}`);
report(camera);
await camera.close();

const growth = median(heaps.slice(-third())) - median(heaps.slice(0, third()));
const isFlat = growth < MOST_GROWTH_MB;
const isWhole = book.faults.length === 0 && book.open === 0 && camera.held === 0;
for (const fault of book.faults) console.log(`  ${fault}`);
const ends = isWhole
  ? 'each with one new and one end'
  : `${book.faults.length} faults, ${book.open} without their end`;
const change = `${growth < 0 ? '' : '+'}${growth.toFixed(2)} MB`;
console.log(`${hours} h: ${book.news} lives, ${ends}`);
console.log(`heap ${change} from the first third to the last: ${isFlat ? 'flat' : 'it grows'}`);
if (!isFlat || !isWhole) process.exitCode = 1;

function begin(at: number): SyntheticCamera {
  const [plan] = cameraPlans(parseConfig(CONFIG, { name: 'soak', folder: packageRoot, environment: {} }));
  if (plan === undefined) throw new TypeError('expected a camera');
  startMs = at;
  return syntheticCamera({ plan, startMs: at, onEvent: book.add });
}

function report({ lane }: SyntheticCamera): void {
  gc?.();
  const heap = process.memoryUsage().heapUsed / 2 ** 20;
  heaps.push(heap);
  print({
    hour: heaps.length,
    frames,
    events: book.events,
    lives: book.news,
    open: book.open,
    tracks: lane.tracks.length,
    'ms/frame': ((performance.now() - began) / frames).toFixed(3),
    'heap MB': heap.toFixed(1),
  });
}

function print(row: Readonly<Record<string, string | number>>): void {
  const cells = Object.entries(COLUMNS).map(([name, width]) => String(row[name]).padStart(width));
  console.log(cells.join(' '));
}

function third(): number {
  return Math.ceil(heaps.length / 3);
}
