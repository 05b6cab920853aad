/**
 * What the gate saves and what squares find: a video as a camera, in virtual time, with every frame looked at as a
 * whole and then with motion deciding. With `--shrink` the video is made small in the corner of a still picture, so
 * that what it shows is at the far end of the yard.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Detector } from '../src/core/detection.ts';
import { silentLog } from '../src/core/log.ts';
import { packageRoot } from '../src/core/package-root.ts';
import { loadManifest } from '../src/detector/manifest.ts';
import { openDetector } from '../src/detector/pool.ts';
import { type Ffmpeg, findFfmpeg } from '../src/ffmpeg/find.ts';
import { startReplay } from '../src/pipeline/replay.ts';
import type { CameraPlan } from '../src/pipeline.ts';

const FPS = 5;
/** Least score of a detection that counts here, and least median of an object that makes an event. */
const SCORE = 0.4;
const MOTION = { threshold: 12, minArea: 0.0005, maxSquares: 4, masks: [] };

const usage = 'bench/squares.ts [--video FILE]... [--shrink 0.25] [--label LABEL]... [--json]';
const { values } = parseArgs({
  options: {
    video: {
      type: 'string',
      multiple: true,
      default: [join(packageRoot, 'examples/media/demo.mp4')],
    },
    shrink: { type: 'string', default: '1' },
    label: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) console.log(usage);
else await main(Number(values.shrink));

interface Result {
  /** Frames of the video that were looked at. */
  readonly looks: number;
  /** Those by what asked for them. */
  readonly reasons: Counts;
  /** Runs of the model. */
  readonly squares: number;
  readonly seconds: number;
  /** Looks that showed one, by label. */
  readonly shown: Counts;
  /** Objects that became events, by label. */
  readonly objects: Counts;
}

type Counts = Map<string, number>;

async function main(shrink: number): Promise<void> {
  const ffmpeg = await findFfmpeg({ log: silentLog });
  const detector = await openDetector({ model: await loadManifest('tiny-ssd') });
  const folder = await mkdtemp(join(tmpdir(), 'falconet-bench-'));
  try {
    for (const video of values.video) {
      const clip = shrink === 1 ? video : await shrunk(ffmpeg, video, shrink, join(folder, 'small.mp4'));
      const whole = await watch(clip, { ffmpeg, detector });
      const gated = await watch(clip, { ffmpeg, detector, motion: MOTION });
      report(shrink === 1 ? basename(video) : `${basename(video)} at ${shrink}`, whole, gated);
    }
  } finally {
    await detector.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface WatchOptions {
  readonly ffmpeg: Ffmpeg;
  readonly detector: Detector;
  readonly motion?: NonNullable<CameraPlan['motion']>;
}

async function watch(clip: string, { ffmpeg, detector, motion }: WatchOptions): Promise<Result> {
  const reasons: Counts = new Map();
  const shown: Counts = new Map();
  const objects: Counts = new Map();
  let squares = 0;
  let lastPts = 0;
  const source = { kind: 'file', path: clip, pace: 'fast', loop: false } as const;
  const plan = { camera: 'bench', source, fps: FPS, ...(motion !== undefined && { motion }) };
  const replay = startReplay({
    ...{ gateway: 'bench', plan, detector, ffmpeg, startMs: 0, secrets: [], log: silentLog },
    onDelivery({ event: { type, label } }) {
      if (type === 'new') count(objects, label);
    },
    onLook({ pts, look, detections }) {
      lastPts = pts;
      squares += look.squares.length;
      count(reasons, look.why);
      const seen = detections.filter(({ score }) => score >= SCORE).map(({ label }) => label);
      for (const label of new Set(seen)) count(shown, label);
    },
  });
  const { looks } = await replay.finished;
  return { looks, reasons, squares, seconds: lastPts / 1_000 + 1 / FPS, shown, objects };
}

function count(counts: Counts, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function report(video: string, whole: Result, gated: Result): void {
  if (values.json) {
    const plain = ({ reasons, shown, objects, ...rest }: Result) => ({
      ...rest,
      reasons: Object.fromEntries(reasons),
      shown: Object.fromEntries(shown),
      objects: Object.fromEntries(objects),
    });
    console.log(JSON.stringify({ video, whole: plain(whole), gated: plain(gated) }));
    return;
  }
  console.log(`${video}: ${whole.seconds.toFixed(0)} s, ${whole.looks} frames at ${FPS} frames/s`);
  for (const [way, result] of Object.entries({ whole, gated })) {
    const { looks, reasons, squares, seconds, shown, objects } = result;
    const share = (100 * (1 - looks / whole.looks)).toFixed(0);
    const rates = `${(looks / seconds).toFixed(2)} looks/s, ${(squares / seconds).toFixed(2)} squares/s, ${share} % gated`;
    const why = [...reasons].map(([reason, number]) => `${reason} ${number}`).join(', ');
    const found = labelsOf(whole, gated).map(
      (label) => `${label} ${shown.get(label) ?? 0} (${objects.get(label) ?? 0})`,
    );
    console.log(`  ${way.padEnd(6)} ${rates}; ${why}`);
    console.log(`         looks that show one (objects): ${found.join(', ') || 'none'}`);
  }
}

/** What either of them saw and was asked for. */
function labelsOf(whole: Result, gated: Result): string[] {
  const all = [...new Set([...whole.shown.keys(), ...gated.shown.keys()])].sort();
  return values.label.length === 0 ? all : all.filter((label) => values.label.includes(label));
}

/** The video in the lower right of its own first frame. */
async function shrunk({ path }: Ffmpeg, video: string, by: number, to: string): Promise<string> {
  const small = `[0:v]scale=trunc(640*${by}/2)*2:-2[small]`;
  const still = '[1:v]scale=640:-2,loop=-1:1:0[still]';
  const graph = `${small};${still};[still][small]overlay=x=W-w-40:y=H-h-40:shortest=1`;
  const args = ['-nostdin', '-y', '-loglevel', 'error', '-i', video, '-i', video, '-filter_complex', graph];
  const encoder = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-pix_fmt', 'yuv420p', '-r', '10'];
  const child = spawn(path, [...args, ...encoder, to], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [exitCode] = await once(child, 'close');
  if (exitCode !== 0) throw new Error(`expected ffmpeg to shrink ${video}, it ended with ${exitCode}`);
  return to;
}
