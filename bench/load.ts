/**
 * How late the gateway's event loop is while its engines are never idle: two engine processes and more cameras than
 * they can look at, so that all the time frames wait, are replaced by newer ones and are counted.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { thisMachine } from '../src/cli/bench/machine.ts';
import { type Summary, showSummary, summarise } from '../src/cli/bench/summary.ts';
import { startBenchGateway } from './lib/gateway.ts';
import { cpuPerSecond, type Share, usageOf } from './lib/usage.ts';
import { verdict } from './lib/verdict.ts';

interface Result {
  /** 99th percentile above an idle process's, ms. */
  readonly loopMs: Summary;
  /** Of all cameras. */
  readonly lookedFps: number;
  /** Of all that came, in 0..1. */
  readonly dropped: number;
  /** ms of processor time in a second, the loop's meter included. */
  readonly cpu: Share;
}

/** As often as the clip has pictures. */
const FPS = 10;
const PROCESSES = 2;
const TARGET_LOOP_MS = 20;
/** Fewer dropped, and an engine may have been idle now and then. */
const LEAST_DROPPED = 0.05;
const SETTLE_MS = 15_000;

const usage = 'bench/load.ts [--cameras 16] [--rounds 7] [--seconds 5, of one] [--engine onnx|wasm] [--json]';
const { values } = parseArgs({
  options: {
    cameras: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '5' },
    engine: { type: 'string', default: 'onnx' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) console.log(usage);
else if (process.platform !== 'linux') console.log('skipped: it reads /proc, which Linux alone has');
else await main(Number(values.cameras));

async function main(cameras: number): Promise<void> {
  const result = await measure(cameras);
  const machine = thisMachine();
  const { engine } = values;
  if (values.json) return console.log(JSON.stringify({ machine, engine, cameras, ...result }, null, 2));
  const { loopMs, lookedFps, dropped, cpu } = result;
  const [gateway, engines, ffmpeg] = [cpu.gateway, cpu.engines, cpu.ffmpeg].map((ms) => ms.toFixed(0));
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; ${engine}`);
  console.log(`  ${cameras} cameras of 640x360, ${FPS} frames/s each, ${PROCESSES} engine processes`);
  console.log(
    `    looked at   ${lookedFps.toFixed(1)} frames/s, ${(dropped * 100).toFixed(0)} % dropped` +
      `${dropped < LEAST_DROPPED ? ': too few cameras for this machine, see --cameras' : ''}`,
  );
  console.log(`    CPU         gateway ${gateway}, engines ${engines}, ffmpeg ${ffmpeg} ms a second`);
  console.log(
    `    loop delay  p99 ${showSummary(loopMs, 1)} ms above idle  ${verdict(loopMs, { atMost: TARGET_LOOP_MS }, ' ms')}`,
  );
}

async function measure(cameras: number): Promise<Result> {
  const gateway = await startBenchGateway({ cameras, fps: FPS, engine: values.engine, processes: PROCESSES });
  try {
    await wait(SETTLE_MS);
    const framesBefore = await gateway.frames();
    const begin = performance.now();
    const before = usageOf(gateway.pid);
    const loops: number[] = [];
    while (loops.length < Number(values.rounds)) {
      loops.push(await gateway.loopMs(Number(values.seconds) * 1_000));
    }
    const cpu = cpuPerSecond(before, usageOf(gateway.pid), performance.now() - begin);
    const frames = await gateway.frames();
    const looked = frames.looked - framesBefore.looked;
    const dropped = frames.dropped - framesBefore.dropped;
    const seconds = (performance.now() - begin) / 1_000;
    return {
      loopMs: summarise(loops),
      lookedFps: looked / seconds,
      dropped: dropped / Math.max(1, looked + dropped),
      cpu,
    };
  } finally {
    await gateway.close();
  }
}
