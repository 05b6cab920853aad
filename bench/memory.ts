/**
 * What a gateway with four cameras holds and does: resident memory of daemon and engines and whether it grows,
 * frames looked at and dropped, processor time, and how late its event loop is. Every frame is looked at as a whole;
 * with `--motion`, as cameras are by default, quiet ones are skipped and what moves is looked at closely.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { thisMachine } from '../src/cli/bench/machine.ts';
import { median } from '../src/cli/bench/summary.ts';
import { startBenchGateway } from './lib/gateway.ts';
import { cpuPerSecond, type Share, total, usageOf } from './lib/usage.ts';
import { verdict } from './lib/verdict.ts';

interface Result {
  /** MB of daemon and engines: the most, and the medians of the first and of the last quarter. */
  readonly residentMb: { readonly most: number; readonly first: number; readonly last: number };
  /** Of all cameras, a second; the quiet ones among those that came are gated. */
  readonly lookedFps: number;
  readonly gatedFps: number;
  /** All in all. */
  readonly dropped: number;
  /** ms of processor time in a second. */
  readonly cpu: Share;
  /** 99th percentile above an idle process's, ms. */
  readonly loopMs: number;
}

const CAMERAS = 4;
const FPS = 5;
const TARGET_MB = 450;
const TARGET_LOOP_MS = 20;
/** The model warms up, V8 compiles. */
const SETTLE_MS = 15_000;
const LOOP_MS = 10_000;

const usage =
  'bench/memory.ts [--seconds 60] [--engine onnx|wasm] [--motion] [--built, see npm run build] [--json]';
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    engine: { type: 'string', default: 'onnx' },
    motion: { type: 'boolean', default: false },
    built: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) console.log(usage);
else if (process.platform !== 'linux') console.log('skipped: it reads /proc, which Linux alone has');
else await main(Number(values.seconds));

async function main(seconds: number): Promise<void> {
  const result = await measure(seconds);
  const machine = thisMachine();
  const { engine } = values;
  if (values.json) return console.log(JSON.stringify({ machine, engine, seconds, ...result }, null, 2));
  const { residentMb, lookedFps, gatedFps, dropped, cpu, loopMs } = result;
  const [most, first, last] = [residentMb.most, residentMb.first, residentMb.last].map((mb) => mb.toFixed(0));
  const [gateway, engines, ffmpeg] = [cpu.gateway, cpu.engines, cpu.ffmpeg].map((ms) => ms.toFixed(0));
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; ${engine}`);
  console.log(`  ${CAMERAS} cameras of 640x360, ${FPS} frames/s each, ${seconds} s`);
  const quiet = values.motion ? `, ${gatedFps.toFixed(1)} quiet and skipped` : '';
  console.log(`    looked at   ${lookedFps.toFixed(1)} frames/s${quiet}, ${dropped} dropped`);
  console.log(
    `    resident    ${most} MB, first quarter ${first}, last ${last}  ${verdict(residentMb.most, { atMost: TARGET_MB }, ' MB')}`,
  );
  console.log(
    `    CPU         ${total(cpu).toFixed(0)} ms a second: gateway ${gateway}, engine ${engines}, ffmpeg ${ffmpeg}`,
  );
  console.log(
    `    loop delay  p99 ${loopMs.toFixed(1)} ms above idle  ${verdict(loopMs, { atMost: TARGET_LOOP_MS }, ' ms')}`,
  );
}

/** Samples memory once a second. */
async function measure(seconds: number): Promise<Result> {
  const { engine, motion, built } = values;
  const gateway = await startBenchGateway({ cameras: CAMERAS, fps: FPS, engine, motion, built });
  try {
    await wait(SETTLE_MS);
    const framesBefore = await gateway.frames();
    const begin = performance.now();
    const before = usageOf(gateway.pid);
    const samples: number[] = [];
    while (samples.length < seconds) {
      await wait(1_000);
      const { residentMb } = usageOf(gateway.pid);
      samples.push(residentMb.gateway + residentMb.engines);
    }
    const after = usageOf(gateway.pid);
    const ms = performance.now() - begin;
    const frames = await gateway.frames();
    const quarter = Math.ceil(samples.length / 4);
    return {
      residentMb: {
        most: Math.max(...samples),
        first: median(samples.slice(0, quarter)),
        last: median(samples.slice(-quarter)),
      },
      lookedFps: ((frames.looked - framesBefore.looked) / ms) * 1_000,
      gatedFps: ((frames.gated - framesBefore.gated) / ms) * 1_000,
      dropped: frames.dropped - framesBefore.dropped,
      cpu: cpuPerSecond(before, after, ms),
      loopMs: await gateway.loopMs(LOOP_MS), // at another time than the CPU, which the meter uses too
    };
  } finally {
    await gateway.close();
  }
}
