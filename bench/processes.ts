/**
 * How much more two engine processes do than one: both detectors are open all the time, and given as many frames
 * as they take, in turn. On fewer than two free cores the figure says nothing.
 */
import { parseArgs } from 'node:util';
import { feed } from '../src/cli/bench/feed.ts';
import { testFrames } from '../src/cli/bench/frames.ts';
import { thisMachine } from '../src/cli/bench/machine.ts';
import { type Summary, showSummary, summarise } from '../src/cli/bench/summary.ts';
import type { Precision } from '../src/detector/engines/engine.ts';
import { loadManifest, type Model } from '../src/detector/manifest.ts';
import { openDetector } from '../src/detector/pool.ts';
import { interleave } from './lib/pairs.ts';
import { verdict } from './lib/verdict.ts';

interface Result {
  readonly precision: Precision;
  /** Frames per second of one process, and of two. */
  readonly oneFps: Summary;
  readonly twoFps: Summary;
  /** Two to one, pair by pair. */
  readonly ratio: Summary;
}

const WIDTH = 640;
const HEIGHT = 360;
/** int8 leaves less to share out: the gateway's own work is the same. */
const TARGETS: Readonly<Record<Precision, number>> = { fp32: 1.8, int8: 1.6 };

const usage = `bench/processes.ts [--model MODEL] [--pairs 7] [--seconds 3] [--json]`;
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'tiny-ssd' },
    pairs: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) console.log(usage);
else await main();

async function main(): Promise<void> {
  const model = await loadManifest(values.model);
  const precisions: Precision[] = model.files.int8 === undefined ? ['fp32'] : ['fp32', 'int8'];
  const results: Result[] = [];
  for (const precision of precisions) results.push(await compare(model, precision));
  const machine = thisMachine();
  if (values.json) return console.log(JSON.stringify({ machine, frame: [WIDTH, HEIGHT], results }, null, 2));
  console.log(
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; frames of ${WIDTH}x${HEIGHT}, onnx`,
  );
  console.log('median [interval of the median]');
  for (const { precision, oneFps, twoFps, ratio } of results) {
    console.log(`\n${precision}`);
    console.log(`  1 process    ${showSummary(oneFps, 1)} frames/s`);
    console.log(`  2 processes  ${showSummary(twoFps, 1)} frames/s`);
    const judged = verdict(ratio, { atLeast: TARGETS[precision] });
    console.log(`  ratio        ${showSummary(ratio, 2)}  ${judged}`);
  }
}

async function compare(model: Model, precision: Precision): Promise<Result> {
  const ms = Number(values.seconds) * 1_000;
  const frames = testFrames(WIDTH, HEIGHT);
  const one = await openDetector({ model, engine: 'onnx', precision, processes: 1 });
  const two = await openDetector({ model, engine: 'onnx', precision, processes: 2 });
  const runOne = async () => (await feed(one, frames, { ms, lanes: 2 })).fps;
  const runTwo = async () => (await feed(two, frames, { ms, lanes: 4 })).fps;
  // One round before those that count: caches and processors warm up.
  await interleave(runOne, runTwo, 1);
  const pairs = await interleave(runOne, runTwo, Number(values.pairs));
  await Promise.all([one.close(), two.close()]);
  return {
    precision,
    oneFps: summarise(pairs.map(([fps]) => fps)),
    twoFps: summarise(pairs.map(([, fps]) => fps)),
    ratio: summarise(pairs.map(([single, double]) => double / single)),
  };
}
