import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type LoadedConfig, loadConfigUnfilled } from '../config/load.ts';
import { asError, FalconetError } from '../core/error.ts';
import { checkLabels } from '../daemon/check-labels.ts';
import { createLogger, type Logger } from '../daemon/logger.ts';
import { onStopSignal } from '../daemon/signals.ts';
import { ffmpegOf, openTools, type Tools } from '../daemon/works.ts';
import { type Playback, parseRecording, playRecording } from '../pipeline/recording.ts';
import { type ReplayEnd, startReplay } from '../pipeline/replay.ts';
import type { CameraPlan } from '../pipeline.ts';
import { clipPlan } from './replay/clip-plan.ts';
import { openOutputs } from './replay/outputs.ts';

interface ReplayCommandOptions {
  readonly camera?: string;
  readonly json: boolean;
  readonly explain: boolean;
  readonly detections?: string;
  readonly recordDetections?: string;
  /** ms since the epoch. */
  readonly start: number;
  readonly out?: string;
}

/** What looks, and what is looked at where that is not the clip. */
interface Eyes extends Tools {
  readonly playback?: Playback;
}

const NOTES = `
The clip takes the place of the camera's source; sinks and broker stay untouched. Times are those of the clip: with the
default start, 1970-01-01T00:01:05.200Z is 65.2 s after its first frame. Schedules need a true --start.`;

/** `falconet replay`: what a camera's configuration makes of a recording, as fast as the machine can, and exactly. */
export function replayCommand(): Command {
  return new Command('replay')
    .description("run a camera's configuration over a recording, in the time of the recording")
    .argument('<clip>', 'video file; not read with --detections')
    .argument('<config>', 'configuration file')
    .option('--camera <name>', 'whose settings to take; may be left out where there is one camera')
    .option('--json', 'one event a line on stdout', false)
    .option('--explain', 'then say of each track why it became an event, or why not', false)
    .addOption(
      new Option('--detections <file>', 'play recorded detections instead of looking at the clip').conflicts(
        'recordDetections',
      ),
    )
    .option('--record-detections <file>', 'write what the model saw there, for --detections')
    .addOption(
      new Option('--start <time>', 'time of the first frame, such as 2026-11-24T08:00:00Z')
        .argParser(timeOf)
        .default(0, '1970-01-01T00:00:00.000Z'),
    )
    .option('--out <folder>', 'write events.jsonl and images/ there')
    .addHelpText('after', NOTES)
    .action(replay);
}

async function replay(clip: string, path: string, options: ReplayCommandOptions): Promise<void> {
  const loaded = await loadConfigUnfilled(path);
  const plan = clipPlan(loaded, { clip, camera: options.camera });
  const log = createLogger({ level: 'warn', secrets: [...loaded.secrets] });
  const eyes = await openEyes(loaded, log, options.detections);
  try {
    const { failed, lost } = await run(loaded, plan, { ...options, eyes, log });
    if (lost > 0) console.error(`falconet: ${lost} frames were lost: this is no exact replay`);
    if (failed || lost > 0) process.exitCode = 1; // why is in the log
  } finally {
    await eyes.detector.close();
    log.flush();
  }
}

async function run(
  { config: { gateway }, secrets }: LoadedConfig,
  plan: CameraPlan,
  { eyes, log, ...options }: ReplayCommandOptions & { readonly eyes: Eyes; readonly log: Logger },
): Promise<ReplayEnd> {
  const outputs = openOutputs({ ...options, detector: eyes.detector });
  const running = startReplay({
    ...eyes,
    gateway,
    plan,
    startMs: options.start,
    secrets,
    log,
    onDelivery: outputs.event,
    onLook: outputs.look,
    ...(options.explain && { onVerdicts: outputs.verdicts }),
  });
  const forget = onStopSignal(() => {
    process.exitCode = 1; // what came out is not all
    void running.close();
  });
  try {
    return await running.finished;
  } finally {
    forget();
    outputs.close();
  }
}

async function openEyes(loaded: LoadedConfig, log: Logger, recorded?: string): Promise<Eyes> {
  const { config } = loaded;
  if (recorded === undefined) {
    const oneProcess = { ...config, model: { ...config.model, processes: 1 } }; // there is one frame at a time
    return openTools({ ...loaded, config: oneProcess }, log);
  }
  const text = await readFile(recorded, 'utf8').catch((cause: unknown) => {
    throw new FalconetError('RECORDING_UNREADABLE', asError(cause).message, { cause });
  });
  const playback = playRecording(parseRecording(text, recorded));
  checkLabels(loaded, playback.detector.labels);
  return { playback, detector: playback.detector, ffmpeg: await ffmpegOf(loaded, log) };
}

function timeOf(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError('Expected a time such as 2026-11-24T08:00:00Z.');
  return ms;
}
