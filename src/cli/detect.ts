import { mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { styleText } from 'node:util';
import { Command, InvalidArgumentError, Option } from 'commander';
import { concatMap, lastValueFrom, take } from 'rxjs';
import { cameraSource } from '../config/source.ts';
import type { CameraSource } from '../core/camera-source.ts';
import { systemClock } from '../core/clock.ts';
import type { Detection, DetectionJob, Detector } from '../core/detection.ts';
import { FalconetError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import { redact } from '../core/redact.ts';
import { createLogger } from '../daemon/logger.ts';
import { onStopSignal } from '../daemon/signals.ts';
import { loadManifest } from '../detector/manifest.ts';
import { openDetector } from '../detector/pool.ts';
import { type Children, createChildren } from '../ffmpeg/children.ts';
import { findFfmpeg } from '../ffmpeg/find.ts';
import { drawDetections } from '../media/draw.ts';
import { decodePicture } from '../media/picture.ts';
import { cameraFrames } from '../streams/camera-frames.ts';

interface DetectOptions {
  readonly json: boolean;
  readonly draw?: string;
  readonly score: number;
  readonly fps: number;
  readonly frames: number;
  readonly model: string;
  readonly engine: 'auto' | 'onnx' | 'wasm' | 'tfjs';
}

type Picture = DetectionJob['frame'];

interface Context extends DetectOptions {
  readonly detector: Detector;
  readonly children: Children;
  readonly log: Log;
}

const PICTURES = new Set(['.jpg', '.jpeg', '.png', '.webp', '.gif', '.tif', '.tiff', '.avif']);

/** `falconet detect`: what the model sees in pictures, videos and camera streams. */
export function detectCommand(): Command {
  return new Command('detect')
    .description('say what is to be seen in pictures, videos or camera streams')
    .argument('<sources...>', 'picture, video file, rtsp:// or rtsps:// address')
    .option('--json', 'one JSON object for each picture on stdout', false)
    .option('--draw <folder>', 'write each picture with its boxes there')
    .option('--score <score>', 'least score, 0.1 to 1', numberBetween(0.1, 1), 0.4)
    .option('--fps <rate>', 'frames of a video looked at, a second', numberBetween(0.01, 30), 1)
    .option('--frames <count>', 'most frames of one video or stream', numberBetween(1, 1e9), 100)
    .option('--model <model>', 'name of a model in the package, or a folder', 'tiny-ssd')
    .addOption(
      new Option('--engine <engine>', 'what computes')
        .choices(['auto', 'onnx', 'wasm', 'tfjs'])
        .default('auto'),
    )
    .action(detect);
}

async function detect(sources: readonly string[], options: DetectOptions): Promise<void> {
  const log = createLogger({ level: 'warn' });
  if (options.draw !== undefined) await mkdir(options.draw, { recursive: true });
  const model = await loadManifest(options.model);
  const detector = await openDetector({ model, engine: options.engine, processes: 1, log });
  const children = createChildren();
  const forget = onStopSignal(() => void children.closeAll());
  const failures: FalconetError[] = [];
  try {
    for (const source of sources) {
      await look(source, { ...options, detector, children, log }).catch((error: unknown) => {
        if (!(error instanceof FalconetError)) throw error;
        failures.push(error);
        console.error(`falconet: ${error.message}${error.hint === undefined ? '' : `\n${error.hint}.`}`);
      });
    }
  } finally {
    forget();
    await Promise.all([detector.close(), children.closeAll()]);
  }
  if (failures.length > 0) process.exitCode = 1;
}

async function look(source: string, context: Context): Promise<void> {
  if (PICTURES.has(extname(source).toLowerCase()) && !/^rtsps?:/i.test(source)) {
    const picture = await decodePicture(source);
    const [detections = []] = await context.detector.detect([{ frame: picture }]);
    return show(source, picture, detections, context);
  }
  await lookAtVideo(source, sourceOf(source), context);
}

function sourceOf(text: string): CameraSource {
  const source = cameraSource({ source: text, loop: false }, process.cwd());
  if (typeof source === 'string') throw new FalconetError('USAGE', `${redact(text)}: ${source}`);
  return source.kind === 'file' ? { ...source, pace: 'fast' } : source;
}

async function lookAtVideo(name: string, source: CameraSource, context: Context): Promise<void> {
  const { fps, frames, log, detector, children } = context;
  const ffmpeg = await findFfmpeg({ log });
  const shown = redact(name);
  const looks = cameraFrames({
    camera: shown,
    source,
    fps,
    ffmpeg,
    children,
    decode: decodePicture,
    log,
    clock: systemClock,
    secrets: 'url' in source ? [new URL(source.url).password] : [],
    onState() {},
    onDrop() {},
  }).pipe(
    take(frames),
    concatMap(async (frame) => {
      const [detections = []] = await detector.detect([{ frame }]);
      await show(shown, frame, detections, context, frame);
      frame.release();
      return frame.seq;
    }),
  );
  await lastValueFrom(looks, { defaultValue: 0 });
}

/** One picture's result, on stdout and, where asked, as a file. */
async function show(
  source: string,
  picture: Picture,
  all: readonly Detection[],
  { json, draw, score }: Context,
  at?: { readonly seq: number; readonly pts: number },
): Promise<void> {
  const detections = all.filter((detection) => detection.score >= score);
  const { width, height } = picture;
  if (json)
    console.log(
      JSON.stringify({ source, ...position(at), width, height, detections: detections.map(rounded) }),
    );
  else {
    const time = at === undefined ? '' : `  ${(at.pts / 1_000).toFixed(2)} s`;
    console.log(styleText('bold', `${source}${time}  ${width}x${height}`));
    for (const line of table(detections)) console.log(line);
  }
  if (draw === undefined) return;
  const name = at === undefined ? basename(source) : `${basename(source)}-${at.seq}`;
  await writeFile(
    join(draw, `${name.replaceAll(/[^\w.-]/g, '_')}.boxes.jpg`),
    await drawDetections(picture, detections),
  );
}

function position(at?: { readonly seq: number; readonly pts: number }): object {
  return at === undefined ? {} : { frame: at.seq, pts_ms: Math.round(at.pts) };
}

function rounded({ label, score, box }: Detection): object {
  const short = (value: number): number => Math.round(value * 1e4) / 1e4;
  return { label, score: short(score), box: box.map(short) };
}

function table(detections: readonly Detection[]): string[] {
  if (detections.length === 0) return ['  nothing'];
  return detections.map(
    ({ label, score, box }) =>
      `  ${label.padEnd(12)} ${score.toFixed(2)}  ${box.map((n) => n.toFixed(3)).join(' ')}`,
  );
}

function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isFinite(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected ${least} to ${most}.`);
  };
}
