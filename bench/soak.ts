/**
 * Two days and a half of one camera in virtual time, a million frames: pictures through its gate and made-up
 * detections through its lane, with tracker, rules and lives, while its stream is lost and it is started again now and
 * then. Shows that each `new` gets exactly one `end`, and that nothing grows.
 * `node --expose-gc bench/soak.ts [--hours 58] [--seed 1]`; exit code 1 when one of them does not hold.
 */
import { parseArgs } from 'node:util';
import { median } from '../src/cli/bench/summary.ts';
import { seeded } from '../test/tracker/scenes/random.ts';
import { heldMb } from './lib/held-memory.ts';
import { yard } from './soak/day.ts';
import { type GatedCamera, gatedCamera } from './soak/gated-camera.ts';
import { ledger } from './soak/ledger.ts';

/** Of the table, but for its head. */
const ROWS = 24;
const HOUR_MS = 3_600_000;
/** Chance of a frame that it is the last before a loss (some each hour), or before a restart (some each day). */
const LOSS = 1 / 9_000;
const RESTART = 1 / 90_000;
const LONGEST_LOSS_MS = 120_000;
/** What is held may differ by so much between the first and the last third; the ids of all lives are in it. */
const MOST_GROWTH_MB = 2;

const { values } = parseArgs({
  options: { hours: { type: 'string', default: '58' }, seed: { type: 'string', default: '1' } },
});
const hours = Number(values.hours);
const seed = Number(values.seed);

const book = ledger();
const held: number[] = [];
const random = seeded(seed);
let frames = 0;
let camera: GatedCamera | undefined;
let startMs = 0;
let lostUntil = 0;

const COLUMNS = { hour: 5, frames: 8, motions: 8, events: 7, lives: 6, open: 5, tracks: 7, 'held MB': 8 };
print(Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, name])));
for (const { at, detections } of yard({ hours, seed })) {
  if (camera === undefined) {
    startMs = at;
    camera = gatedCamera(at, book.add);
  }
  if (at - startMs >= ((held.length + 1) * hours * HOUR_MS) / ROWS) report(camera, at);
  if (at < lostUntil) continue;
  if (lostUntil > 0) camera.find(at);
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
report(camera, startMs + hours * HOUR_MS);
await camera.close();

const growth = median(held.slice(-third())) - median(held.slice(0, third()));
const isFlat = growth < MOST_GROWTH_MB;
const isWhole = book.faults.length === 0 && book.open === 0 && camera.held === 0;
for (const fault of book.faults) console.log(`  ${fault}`);
const ends = isWhole
  ? 'each with one new and one end'
  : `${book.faults.length} faults, ${book.open} without their end`;
const change = `${growth < 0 ? '' : '+'}${growth.toFixed(2)} MB`;
console.log(`${hours} h, ${frames} frames: ${book.news} lives, ${ends}`);
console.log(`memory ${change} from the first third to the last: ${isFlat ? 'flat' : 'it grows'}`);
if (!isFlat || !isWhole) process.exitCode = 1;

function report({ lane, motions }: GatedCamera, at: number): void {
  const now = heldMb();
  if (now === undefined) throw new TypeError('expected node --expose-gc');
  held.push(now);
  print({
    hour: ((at - startMs) / HOUR_MS).toFixed(1),
    frames,
    motions,
    events: book.events,
    lives: book.news,
    open: book.open,
    tracks: lane.tracks.length,
    'held MB': now.toFixed(1),
  });
}

function print(row: Readonly<Record<string, string | number>>): void {
  const cells = Object.entries(COLUMNS).map(([name, width]) => String(row[name]).padStart(width));
  console.log(cells.join(' '));
}

function third(): number {
  return Math.ceil(held.length / 3);
}
