/**
 * What a gateway costs: resident memory of daemon and engines with four cameras, how late its event loop is, and one
 * camera's processor time against the least that it could be: ffmpeg that decodes the same clip into nothing, and
 * a bare engine loop for as many frames. `falconet run` in a process of its own, events and pictures to files.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { thisMachine } from '../src/cli/bench/machine.ts';
import { median, type Summary, showSummary, summarise } from '../src/cli/bench/summary.ts';
import { silentLog } from '../src/core/log.ts';
import { packageRoot } from '../src/core/package-root.ts';
import { loadManifest } from '../src/detector/manifest.ts';
import { findFfmpeg } from '../src/ffmpeg/find.ts';
import { loopDelay } from './lib/loop-meter.ts';
import { interleave } from './lib/pairs.ts';
import { usageOf } from './lib/usage.ts';

const TARGET_MB = 450;
const TARGET_LOOP_MS = 20;
const TARGET_RATIO = 1.25;
const CLIP = join(packageRoot, 'examples/media/demo.mp4');
const FPS = 5;
/** Of both contenders, so that the ratio compares like with like. */
const PRECISION = 'fp32';
/** ffmpegs start, the model warms up. */
const SETTLE_MS = 4_000;

const usage = 'bench/memory.ts [--seconds 60] [--rounds 5] [--engine onnx|wasm] [--json]';
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '5' },
    engine: { type: 'string', default: 'onnx' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) console.log(usage);
else if (process.platform !== 'linux') console.log('skipped: it reads /proc, which Linux alone has');
else await main(Number(values.seconds), Number(values.rounds));

async function main(seconds: number, rounds: number): Promise<void> {
  const four = await measureFour(seconds);
  const cpu = await measureCpu(rounds);
  const machine = thisMachine();
  const { engine } = values;
  if (values.json) return console.log(JSON.stringify({ machine, engine, ...four, cpu }, null, 2));
  const { residentMb, firstMb, lastMb, loopMs } = four;
  console.log(
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; ${engine}, 640x360, ${FPS} frames/s`,
  );
  console.log(`  4 cameras, ${seconds} s`);
  console.log(
    `    resident      ${residentMb.toFixed(0)} MB, first quarter ${firstMb.toFixed(0)}, last ${lastMb.toFixed(0)}` +
      `  ${verdict(residentMb < TARGET_MB, `under ${TARGET_MB} MB`)}`,
  );
  console.log(
    `    loop delay    p99 ${loopMs.toFixed(1)} ms above idle  ${verdict(loopMs < TARGET_LOOP_MS, `under ${TARGET_LOOP_MS} ms`)}`,
  );
  console.log(`  1 camera, median [interval] of ${rounds}`);
  console.log(`    gateway       ${figure(cpu.gateway)} ms of CPU a second, ffmpeg and engine included`);
  console.log(`    the least     ${figure(cpu.least)} ms: ffmpeg into nothing and a bare engine`);
  const isMet = cpu.ratio.interval[0] <= TARGET_RATIO;
  console.log(`    ratio         ${figure(cpu.ratio)}  ${verdict(isMet, `${TARGET_RATIO} or less`)}`);
}

/** Samples memory once a second. */
async function measureFour(seconds: number) {
  const gateway = await startGateway(4);
  try {
    await wait(SETTLE_MS);
    const idle = loopDelay();
    await gateway.loopMs(); // from here on
    idle.take();
    const samples: number[] = [];
    while (samples.length < seconds) {
      await wait(1_000);
      samples.push(usageOf(gateway.pid).residentMb);
    }
    const quarter = Math.ceil(samples.length / 4);
    return {
      residentMb: Math.max(...samples),
      firstMb: median(samples.slice(0, quarter)),
      lastMb: median(samples.slice(-quarter)),
      loopMs: Math.max(0, (await gateway.loopMs()) - idle.take()),
    };
  } finally {
    await gateway.close();
  }
}

interface CpuFigures {
  /** ms of processor time in a second. */
  readonly gateway: Summary;
  readonly least: Summary;
  readonly ratio: Summary;
}

async function measureCpu(rounds: number): Promise<CpuFigures> {
  const ms = 8_000;
  const ffmpeg = await findFfmpeg({ log: silentLog });
  const ours = async (): Promise<number> => {
    const gateway = await startGateway(1);
    try {
      await wait(SETTLE_MS);
      return await cpuPerSecond(gateway.pid, ms);
    } finally {
      await gateway.close();
    }
  };
  const least = async (): Promise<number> =>
    (await decodingOnly(ffmpeg.path, ms)) + FPS * (await bareEngineMsPerFrame(ms / 4));
  const pairs = await interleave(ours, least, rounds);
  return {
    gateway: summarise(pairs.map(([gateway]) => gateway)),
    least: summarise(pairs.map(([, bare]) => bare)),
    ratio: summarise(pairs.map(([gateway, bare]) => gateway / bare)),
  };
}

async function decodingOnly(path: string, ms: number): Promise<number> {
  const args = ['-nostdin', '-loglevel', 'error', '-re', '-stream_loop', '-1', '-i', CLIP, '-f', 'null', '-'];
  const child = spawn(path, args, { stdio: 'ignore' });
  try {
    await wait(1_000);
    return await cpuPerSecond(pidOf(child), ms);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

async function bareEngineMsPerFrame(ms: number): Promise<number> {
  const { folder } = await loadManifest('tiny-ssd');
  const entry = fileURLToPath(new URL('./lib/bare-ort.ts', import.meta.url));
  const child = fork(entry, [values.engine, PRECISION, folder, '640', '360']);
  await once(child, 'message');
  const run = async (duration: number): Promise<number> => {
    child.send(duration);
    const [rate] = await once(child, 'message');
    return rate as number;
  };
  await run(500); // warms up
  const before = usageOf(pidOf(child)).cpuMs;
  const frames = ((await run(ms)) * ms) / 1_000;
  const spent = usageOf(pidOf(child)).cpuMs - before;
  child.disconnect();
  await once(child, 'exit');
  return spent / frames;
}

async function cpuPerSecond(pid: number, ms: number): Promise<number> {
  const begin = performance.now();
  const before = usageOf(pid);
  await wait(ms);
  return ((usageOf(pid).cpuMs - before.cpuMs) / (performance.now() - begin)) * 1_000;
}

async function startGateway(cameras: number) {
  const folder = await mkdtemp(join(tmpdir(), 'falconet-bench-'));
  const config = join(folder, 'falconet.yaml');
  const names = Array.from({ length: cameras }, (_, i) => `camera-${i + 1}`);
  const list = names.map((name) => `  ${name}: { source: ${JSON.stringify(CLIP)}, loop: true, fps: ${FPS} }`);
  const sinks = '[{ type: file, path: events.jsonl, images: true }]';
  const head = `model: { engine: ${values.engine}, precision: ${PRECISION} }\nsinks: ${sinks}\nlog: { level: warn }\n`;
  await writeFile(config, `${head}cameras:\n${list.join('\n')}\n`);
  const child = fork(join(packageRoot, 'src/cli/main.ts'), ['run', config], {
    execArgv: ['--import', new URL('./lib/loop-delay.ts', import.meta.url).href],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    pid: pidOf(child),
    /** 99th percentile of the loop's delay since the last call. */
    async loopMs(): Promise<number> {
      child.send('take');
      const [p99] = await once(child, 'message');
      return p99 as number;
    },
    async close() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('expected a process to start');
  return pid;
}

function figure(summary: Summary): string {
  return showSummary(summary, summary.median < 10 ? 2 : 0);
}

function verdict(isMet: boolean, target: string): string {
  return `target ${target}: ${isMet ? 'met' : 'missed'}`;
}
