/**
 * What the gate costs and what it saves: its time for a frame of 640 x 360 in which somebody walks, the memory that it
 * keeps after very many, and the processor time of a camera before which nothing moves, with the gate and without.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { thisMachine } from '../src/cli/bench/machine.ts';
import { showSummary, summarise } from '../src/cli/bench/summary.ts';
import { silentLog } from '../src/core/log.ts';
import { findFfmpeg } from '../src/ffmpeg/find.ts';
import { motionGate } from '../src/pipeline/gate.ts';
import { CLIP, startBenchGateway } from './lib/gateway.ts';
import { heldMb } from './lib/held-memory.ts';
import { interleave } from './lib/pairs.ts';
import { frameOf, HEIGHT, pictures, WIDTH } from './lib/pictures.ts';
import { cpuPerSecond, total, usageOf } from './lib/usage.ts';
import { verdict } from './lib/verdict.ts';

const FPS = 5;
const TARGET_MS = 1;
const PLAN = { threshold: 12, minArea: 0.0005, maxSquares: 4, masks: [] };
const usage = 'node --expose-gc bench/gate.ts [--frames 1000000] [--rounds 7] [--pairs 5] [--seconds 15]';
const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '7' },
    pairs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '15' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) console.log(usage);
else await main();

async function main(): Promise<void> {
  console.log(`${thisMachine().cpu}, Node ${thisMachine().node}; ${WIDTH}x${HEIGHT}, ${FPS} frames/s`);
  const frames = Number(values.frames);
  const { ms, grownMb } = timeFrames(frames, Number(values.rounds));
  console.log(
    `  a frame         ${showSummary(ms, 2)} ms  ${verdict(ms, { atMost: TARGET_MS }, ' ms')}; ` +
      `${frames} frames` +
      (grownMb === undefined ? '' : `, ${grownMb.toFixed(2)} MB more than before`),
  );
  if (process.platform === 'linux') await compareQuiet();
}

/** Memory is read where gc is exposed. */
function timeFrames(count: number, rounds: number) {
  const gate = motionGate(PLAN, 300);
  const walk = pictures(16, { isWalked: true });
  const run = (from: number, frames: number): number => {
    const begin = process.cpuUsage();
    for (let i = from; i < from + frames; i++) {
      const at = (i * 1_000) / FPS;
      const frame = frameOf(walk[i % walk.length] as Uint8Array, { pts: at, at });
      gate.arrived(frame);
      gate.look(frame, []);
    }
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1_000 / frames;
  };
  run(0, 500); // warms up
  const before = heldMb();
  const each = Math.ceil(count / rounds);
  const ms = summarise(Array.from({ length: rounds }, (_, round) => run(500 + round * each, each)));
  const after = heldMb();
  return { ms, grownMb: before === undefined || after === undefined ? undefined : after - before };
}

async function compareQuiet(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'falconet-bench-'));
  try {
    const clip = await quietClip(join(folder, 'quiet.mp4'));
    const cost = (motion: boolean) => () => cameraMs({ clip, motion, ms: Number(values.seconds) * 1_000 });
    const pairs = await interleave(cost(false), cost(true), Number(values.pairs));
    const figure = (pick: (pair: readonly [number, number]) => number, digits: number): string =>
      showSummary(summarise(pairs.map(pick)), digits);
    console.log('  a quiet camera, ms of CPU a second, ffmpeg and engine included');
    console.log(`    each frame    ${figure(([each]) => each, 0)}`);
    console.log(`    gated         ${figure(([, gated]) => gated, 0)}`);
    console.log(`    ratio         ${figure(([each, gated]) => gated / each, 2)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function cameraMs(options: { clip: string; motion: boolean; ms: number }): Promise<number> {
  const { clip, motion, ms } = options;
  const gateway = await startBenchGateway({ cameras: 1, fps: FPS, engine: 'onnx', clip, motion });
  try {
    await wait(4_000); // the first looks, and warm code
    const begin = performance.now();
    const before = usageOf(gateway.pid);
    await wait(ms);
    return total(cpuPerSecond(before, usageOf(gateway.pid), performance.now() - begin));
  } finally {
    await gateway.close();
  }
}

/** The first picture of the demo clip, with a sensor's noise, at the clip's rate and size. */
async function quietClip(to: string): Promise<string> {
  const { path } = await findFfmpeg({ log: silentLog });
  const filters = "select='eq(n,0)',loop=100:1:0,setpts=N/10/TB,noise=alls=4:allf=t";
  const input = ['-nostdin', '-y', '-loglevel', 'error', '-i', CLIP, '-vf', filters, '-r', '10', '-t', '10'];
  const encoder = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '26', '-g', '10', '-pix_fmt', 'yuv420p'];
  const child = spawn(path, [...input, ...encoder, to], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [exitCode] = await once(child, 'close');
  if (exitCode !== 0) throw new Error(`expected ffmpeg to make a quiet clip, it ended with ${exitCode}`);
  return to;
}
