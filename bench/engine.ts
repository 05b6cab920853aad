/**
 * How much of a bare engine's speed is left behind our pool of processes, and what the gateway's process pays.
 *
 * The limit to hold oneself against: a loop in a process of its own that does nothing but run the graph on one
 * thread. Against it, in turn: frames given to `openDetector` with one process, two at a time, so with transfer,
 * decoding and NMS.
 */
import { parseArgs } from 'node:util';
import { feed } from '../src/cli/bench/feed.ts';
import { testFrames } from '../src/cli/bench/frames.ts';
import { thisMachine } from '../src/cli/bench/machine.ts';
import { type Summary, showSummary, summarise } from '../src/cli/bench/summary.ts';
import type { Precision } from '../src/detector/engines/engine.ts';
import { loadManifest, type Model } from '../src/detector/manifest.ts';
import { openDetector } from '../src/detector/pool.ts';
import { startBareEngine } from './lib/bare-engine.ts';
import { interleave } from './lib/pairs.ts';
import { verdict } from './lib/verdict.ts';

const benchEngines = ['onnx', 'wasm'] as const;
type BenchEngine = (typeof benchEngines)[number];

interface Result {
  readonly engine: BenchEngine;
  readonly bareFps: Summary;
  readonly poolFps: Summary;
  /** Pool to bare, pair by pair. */
  readonly ratio: Summary;
  /** Processor time of the process that owns the pool. */
  readonly parentMsPerFrame: Summary;
}

const WIDTH = 640;
const HEIGHT = 360;
const TARGET_RATIO = 0.9;
const TARGET_PARENT_MS = 0.5;

const usage = `bench/engine.ts [--engine onnx|wasm]... [--precision fp32|int8] [--model MODEL] [--pairs 7] [--seconds 3] [--json]`;
const { values } = parseArgs({
  options: {
    engine: { type: 'string', multiple: true, default: ['onnx', 'wasm'] },
    precision: { type: 'string', default: 'fp32' },
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
  const results: Result[] = [];
  for (const wanted of values.engine) {
    const engine = benchEngines.find((name) => name === wanted);
    if (engine === undefined) throw new TypeError(`expected ${benchEngines.join(' or ')}, got ${wanted}`);
    results.push(await compare(engine, model));
  }
  const machine = thisMachine();
  if (values.json) console.log(JSON.stringify({ machine, frame: [WIDTH, HEIGHT], results }, null, 2));
  else print(machine, results);
}

async function compare(engine: BenchEngine, model: Model): Promise<Result> {
  const ms = Number(values.seconds) * 1000;
  const frames = testFrames(WIDTH, HEIGHT);
  const precision = wantedPrecision();
  const bare = await startBareEngine({
    engine,
    precision,
    folder: model.folder,
    width: WIDTH,
    height: HEIGHT,
  });
  const detector = await openDetector({ model, engine, precision, processes: 1 });
  const parentMs: number[] = [];
  const runBare = () => bare.run({ ms, everyMs: 0 });
  const runPool = async () => {
    const { fps, cpuMsPerFrame } = await feed(detector, frames, { ms });
    parentMs.push(cpuMsPerFrame);
    return fps;
  };
  // One round before those that count: caches and processors warm up.
  await interleave(runBare, runPool, 1);
  parentMs.length = 0;
  const pairs = await interleave(runBare, runPool, Number(values.pairs));
  await Promise.all([bare.close(), detector.close()]);
  return {
    engine,
    bareFps: summarise(pairs.map(([bareFps]) => bareFps)),
    poolFps: summarise(pairs.map(([, poolFps]) => poolFps)),
    ratio: summarise(pairs.map(([bareFps, poolFps]) => poolFps / bareFps)),
    parentMsPerFrame: summarise(parentMs),
  };
}

function wantedPrecision(): Precision {
  const { precision } = values;
  if (precision === 'fp32' || precision === 'int8') return precision;
  throw new TypeError(`expected fp32 or int8, got ${precision}`);
}

function print(machine: ReturnType<typeof thisMachine>, results: readonly Result[]): void {
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; frames of ${WIDTH}x${HEIGHT}`);
  console.log('median [interval of the median]');
  for (const { engine, bareFps, poolFps, ratio, parentMsPerFrame } of results) {
    console.log(`\n${engine} in ${values.precision}, one thread`);
    console.log(`  bare loop        ${showSummary(bareFps, 1)} frames/s`);
    console.log(`  pool, 1 process  ${showSummary(poolFps, 1)} frames/s`);
    console.log(`  ratio            ${showSummary(ratio, 3)}  ${verdict(ratio, { atLeast: TARGET_RATIO })}`);
    const parent = verdict(parentMsPerFrame, { atMost: TARGET_PARENT_MS }, ' ms');
    console.log(`  gateway's CPU    ${showSummary(parentMsPerFrame, 3)} ms/frame  ${parent}`);
  }
}
