import { mkdir } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { concatMap, fromEvent, lastValueFrom, take, takeUntil } from 'rxjs';
import type { CameraSource } from '../core/camera-source.ts';
import { systemClock } from '../core/clock.ts';
import type { DetectionJob, Detector } from '../core/detection.ts';
import { asError, FalconetError } from '../core/error.ts';
import type { Frame } from '../core/frame.ts';
import { silentLog } from '../core/log.ts';
import { redact } from '../core/redact.ts';
import { onStopSignal } from '../daemon/signals.ts';
import { loadManifest } from '../detector/manifest.ts';
import { openDetector } from '../detector/pool.ts';
import type { PrecisionChoice } from '../detector/precision.ts';
import { createChildren } from '../ffmpeg/children.ts';
import { type Ffmpeg, findFfmpeg } from '../ffmpeg/find.ts';
import { decodePicture } from '../media/picture.ts';
import { cameraFrames } from '../streams/camera-frames.ts';
import { fileNames } from './detect/file-names.ts';
import { type ShowOptions, show } from './detect/show.ts';
import { type Target, targetOf } from './detect/target.ts';
import { engineOption, precisionOption } from './engine-options.ts';
import { complain } from './explain.ts';

interface DetectOptions {
  readonly json: boolean;
  readonly draw?: string;
  readonly score: number;
  readonly fps: number;
  readonly frames: number;
  readonly model: string;
  readonly engine: 'auto' | 'onnx' | 'wasm' | 'tfjs';
  readonly precision: PrecisionChoice;
}

interface Context extends DetectOptions, ShowOptions {
  readonly detector: Detector;
  /** Asked once, and only if a target needs it. */
  readonly ffmpeg: () => Promise<Ffmpeg>;
  /** Aborted when the user has had enough. */
  readonly stop: AbortSignal;
}

const PASSWORDS = `
\${NAME} takes the environment's value, which keeps a password off the command line:
  falconet detect 'rtsp://viewer:\${DRIVE_PASSWORD}@10.0.0.5/sub'`;

/** `falconet detect`: what the model sees in pictures, videos and camera streams. */
export function detectCommand(): Command {
  return new Command('detect')
    .description('say what is to be seen in pictures, videos or camera streams')
    .argument('<sources...>', 'picture, video file, or address of a camera')
    .option('--json', 'one JSON object for each picture on stdout', false)
    .option('--draw <folder>', 'write each picture with its boxes there')
    .option('--score <score>', 'least score, 0.1 to 1', numberBetween(0.1, 1), 0.4)
    .option('--fps <rate>', 'frames of a video looked at, a second', numberBetween(0.01, 30), 1)
    .option('--frames <count>', 'most frames of one video or stream', wholeNumberBetween(1, 1e9), 100)
    .option('--model <model>', 'name of a model in the package, or a folder', 'tiny-ssd')
    .addOption(engineOption())
    .addOption(precisionOption('auto'))
    .addHelpText('after', PASSWORDS)
    .action(detect);
}

async function detect(sources: readonly string[], options: DetectOptions): Promise<void> {
  const targets = sources.map((source) => targetOf(source, process.env));
  if (options.draw !== undefined) await mkdir(options.draw, { recursive: true });
  const { engine, precision } = options;
  const model = await loadManifest(options.model);
  const detector = await openDetector({ model, engine, precision, processes: 1 });
  let found: Promise<Ffmpeg> | undefined;
  const ffmpeg = () => (found ??= findFfmpeg({ log: silentLog }));
  const stopping = new AbortController();
  const forget = onStopSignal(() => stopping.abort());
  try {
    const files = fileNames(targets.map(({ name }) => name));
    for (const [i, target] of targets.entries()) {
      if (stopping.signal.aborted) break;
      const context = { ...options, detector, ffmpeg, stop: stopping.signal, file: files[i] ?? '' };
      await look(target, context).catch((error: unknown) => {
        complain(withoutSecrets(asError(error), target.secrets));
        process.exitCode = 1; // the others are looked at all the same
      });
    }
  } finally {
    forget();
    await detector.close();
  }
}

async function look({ name, source, secrets }: Target, context: Context): Promise<void> {
  if (source.kind !== 'picture') return lookAtFrames({ name, source, secrets }, context);
  await lookAt(name, await decodePicture(source.path), context);
}

interface VideoTarget extends Target {
  readonly source: CameraSource;
}

/** Frames of one session: who asks once wants to hear of a failure, not wait for the camera to come back. */
async function lookAtFrames({ name, source, secrets }: VideoTarget, context: Context): Promise<void> {
  const { fps, frames, stop } = context;
  const children = createChildren();
  const looks = cameraFrames({
    camera: name,
    source,
    fps,
    once: true,
    ffmpeg: await context.ffmpeg(),
    children,
    decode: decodePicture,
    log: silentLog, // a failure is the stream's, and told with it
    clock: systemClock,
    secrets,
    onState() {},
    onDrop() {},
  }).pipe(
    take(frames),
    concatMap(async (frame) => {
      await lookAt(name, frame, context, frame);
      frame.release();
    }),
    takeUntil(fromEvent(stop, 'abort')),
  );
  await lastValueFrom(looks, { defaultValue: undefined }).finally(() => children.closeAll());
}

async function lookAt(
  name: string,
  picture: DetectionJob['frame'],
  { detector, score, ...options }: Context,
  at?: Pick<Frame, 'seq' | 'pts'>,
): Promise<void> {
  const [all = []] = await detector.detect([{ frame: picture }]);
  const detections = all.filter((detection) => detection.score >= score);
  await show({ name, picture, detections, ...(at !== undefined && { at }) }, options);
}

function withoutSecrets(error: Error, secrets: readonly string[]): Error {
  if (!(error instanceof FalconetError)) return new Error(redact(error.message, secrets));
  const { code, message, hint } = error;
  const safe = redact(message.replace(` (${code})`, ''), secrets);
  return new FalconetError(code, safe, hint === undefined ? {} : { hint: redact(hint, secrets) });
}

function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isFinite(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected ${least} to ${most}.`);
  };
}

function wholeNumberBetween(least: number, most: number): (text: string) => number {
  const number = numberBetween(least, most);
  return (text) => {
    const value = number(text);
    if (Number.isInteger(value)) return value;
    throw new InvalidArgumentError('Expected a whole number.');
  };
}
