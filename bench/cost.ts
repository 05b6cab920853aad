/**
 * One camera's processor time, by process, against the least that it could be: ffmpeg that decodes the same clip into
 * nothing, and a bare engine for as many frames; the camera's are all looked at, each as a whole. The bare engine is
 * measured twice: in a loop, frame after frame, which is what the target speaks of, and at the camera's pace, where
 * each frame finds the caches cold.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { thisMachine } from '../src/cli/bench/machine.ts';
import { type Summary, showSummary, summarise } from '../src/cli/bench/summary.ts';
import { silentLog } from '../src/core/log.ts';
import { loadManifest } from '../src/detector/manifest.ts';
import { findFfmpeg } from '../src/ffmpeg/find.ts';
import { type BareEngine, startBareEngine } from './lib/bare-engine.ts';
import { CLIP, PRECISION, pidOf, startBenchGateway } from './lib/gateway.ts';
import { interleave } from './lib/pairs.ts';
import { cpuMs, cpuPerSecond, type Share, total, usageOf } from './lib/usage.ts';
import { verdict } from './lib/verdict.ts';

/** ms of processor time in a second. */
interface Least {
  readonly ffmpeg: number;
  /** Frame after frame. */
  readonly hot: number;
  /** At the camera's pace. */
  readonly paced: number;
}

const FPS = 5;
const TARGET_RATIO = 1.25;
/** The model warms up, V8 compiles: what an hour's figure would not show. */
const SETTLE_MS = 20_000;
const MEASURE_MS = 10_000;

const usage = 'bench/cost.ts [--rounds 7] [--engine onnx|wasm] [--json]';
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    engine: { type: 'string', default: 'onnx' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) console.log(usage);
else if (process.platform !== 'linux') console.log('skipped: it reads /proc, which Linux alone has');
else await main(Number(values.rounds));

async function main(rounds: number): Promise<void> {
  const { engine } = values;
  if (engine !== 'onnx' && engine !== 'wasm') throw new TypeError(`expected onnx or wasm, got ${engine}`);
  const ffmpeg = await findFfmpeg({ log: silentLog });
  const { folder } = await loadManifest('tiny-ssd');
  const bare = await startBareEngine({ engine, precision: PRECISION, folder, width: 640, height: 360 });
  const shares: Share[] = [];
  const leasts: Least[] = [];
  const ours = async (): Promise<number> => {
    const share = await measureGateway();
    shares.push(share);
    return total(share);
  };
  const least = async (): Promise<number> => {
    const figures = { ffmpeg: await decodingOnly(ffmpeg.path), ...(await bareEngine(bare)) };
    leasts.push(figures);
    return figures.ffmpeg + figures.hot;
  };
  await interleave(ours, least, rounds);
  await bare.close();
  report(shares, leasts);
}

/** The n-th share and the n-th least were measured one right after the other. */
function report(shares: readonly Share[], leasts: readonly Least[]): void {
  const machine = thisMachine();
  const sum = shares.map(total);
  const ratioTo = (kind: 'hot' | 'paced'): Summary =>
    summarise(leasts.map((least, i) => (sum[i] ?? Number.NaN) / (least.ffmpeg + least[kind])));
  const ours = summariseAll(shares);
  const least = summariseAll(leasts);
  const ratio = ratioTo('hot');
  const pacedRatio = ratioTo('paced');
  const result = { ours: { ...ours, sum: summarise(sum) }, least, ratio, pacedRatio };
  if (values.json) {
    console.log(JSON.stringify({ machine, engine: values.engine, ...result }, null, 2));
    return;
  }
  console.log(
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; ${values.engine}, ${PRECISION}\n` +
      `  1 camera of 640x360, ${FPS} frames/s: ms of CPU a second, median [interval] of ${sum.length}\n` +
      `    all              ${ms(result.ours.sum)}\n` +
      `      gateway        ${ms(ours.gateway)}\n` +
      `      engine         ${ms(ours.engines)}\n` +
      `      ffmpeg         ${ms(ours.ffmpeg)}\n` +
      `    the least\n` +
      `      ffmpeg         ${ms(least.ffmpeg)}  decoding into nothing\n` +
      `      bare engine    ${ms(least.hot)}  frame after frame\n` +
      `                     ${ms(least.paced)}  ${FPS} frames/s, caches cold\n` +
      `    ratio            ${showSummary(ratio, 2)}  ${verdict(ratio, { atMost: TARGET_RATIO })}\n` +
      `                     ${showSummary(pacedRatio, 2)}  to the bare engine at ${FPS} frames/s`,
  );
}

async function measureGateway(): Promise<Share> {
  const gateway = await startBenchGateway({ cameras: 1, fps: FPS, engine: values.engine });
  try {
    await wait(SETTLE_MS);
    const before = usageOf(gateway.pid);
    const begin = performance.now();
    await wait(MEASURE_MS);
    return cpuPerSecond(before, usageOf(gateway.pid), performance.now() - begin);
  } finally {
    await gateway.close();
  }
}

async function decodingOnly(path: string): Promise<number> {
  const args = ['-nostdin', '-loglevel', 'error', '-re', '-stream_loop', '-1', '-i', CLIP, '-f', 'null', '-'];
  const child = spawn(path, args, { stdio: 'ignore' });
  const pid = pidOf(child);
  try {
    await wait(1_000); // it opens the clip
    const begin = performance.now();
    const before = cpuMs(pid);
    await wait(MEASURE_MS);
    return ((cpuMs(pid) - before) / (performance.now() - begin)) * 1_000;
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

async function bareEngine(bare: BareEngine): Promise<Pick<Least, 'hot' | 'paced'>> {
  const msPerSecond = async (everyMs: number): Promise<number> => {
    await bare.run({ ms: 500, everyMs: 0 }); // warms up
    const before = cpuMs(bare.pid);
    const frames = ((await bare.run({ ms: MEASURE_MS / 2, everyMs })) * MEASURE_MS) / 2_000;
    return ((cpuMs(bare.pid) - before) / frames) * FPS;
  };
  return { hot: await msPerSecond(0), paced: await msPerSecond(1_000 / FPS) };
}

/** Of each field. */
function summariseAll<K extends string>(figures: readonly Readonly<Record<K, number>>[]): Record<K, Summary> {
  const names = Object.keys(figures[0] ?? {}) as K[];
  const entries = names.map((name) => [name, summarise(figures.map((figure) => figure[name]))] as const);
  return Object.fromEntries(entries) as Record<K, Summary>;
}

function ms(summary: Summary): string {
  return showSummary(summary, 0).padEnd(14);
}
