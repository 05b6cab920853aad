import { styleText } from 'node:util';
import type { EngineChoice } from '../../detector/choose-engine.ts';
import type { Model } from '../../detector/manifest.ts';
import type { EngineReport } from '../../detector/survey-engines.ts';
import type { Ffmpeg } from '../../ffmpeg/find.ts';
import type { Probe } from '../../ffmpeg/probe.ts';
import type { BrokerProbe } from '../../sinks/probe-broker.ts';
import type { CameraReport } from './check-cameras.ts';

export interface CheckReport {
  /** Of the configuration. */
  readonly path: string;
  readonly ffmpeg: Ffmpeg;
  readonly model: Pick<Model, 'name' | 'title'>;
  /** The engine that the configuration asks for. */
  readonly wanted: EngineChoice;
  /** Fastest first. */
  readonly engines: readonly EngineReport[];
  /** Undefined where no events go to one. */
  readonly broker: BrokerProbe | undefined;
  readonly cameras: readonly CameraReport[];
}

type Loading = Extract<EngineReport, { loads: true }>;
type Refusing = Extract<EngineReport, { loads: false }>;

/** Whether `falconet run` would see every camera and reach the broker. */
export function isGood(report: CheckReport): boolean {
  const { broker, cameras } = report;
  return (
    takenEngine(report) !== undefined && broker?.answers !== false && cameras.every(({ answers }) => answers)
  );
}

/** For programs; keys as in events, what is unknown is null. */
export function checkJson(report: CheckReport): object {
  const { path, ffmpeg, model, engines, broker, cameras } = report;
  const { version, origin } = ffmpeg;
  return {
    config: path,
    good: isGood(report),
    ffmpeg: { path: ffmpeg.path, version, origin },
    model: { name: model.name, title: model.title },
    engine: takenEngine(report)?.name ?? null,
    engines,
    faster: fasterEngine(report)?.hint ?? null,
    broker: broker === undefined ? null : brokerJson(broker),
    cameras: cameras.map((camera) => (camera.answers ? answerJson(camera) : camera)),
  };
}

function brokerJson(broker: BrokerProbe): object {
  const { address, answers } = broker;
  if (!answers) return { address, answers, message: broker.fault.sentence, hint: broker.fault.hint };
  return { address, answers, version: broker.version, first_ms: broker.firstMs };
}

function answerJson({ camera, answers, probe, proposals }: Extract<CameraReport, { answers: true }>): object {
  const { codec, width, height, fps = null, keyframeSeconds = null, kbps = null, firstMs } = probe;
  const stream = { codec, width, height, fps, keyframe_s: keyframeSeconds, kbps, first_ms: firstMs };
  return { camera, answers, ...stream, proposals };
}

/** For people: what is good first, then a block a camera with what to do below it. */
export function checkText(report: CheckReport): string[] {
  const { path, ffmpeg, model, broker, cameras } = report;
  return [
    row('config', `${path}, ${cameras.length} ${cameras.length === 1 ? 'camera' : 'cameras'}`),
    row('ffmpeg', `${ffmpeg.version} (${ffmpeg.origin}: ${ffmpeg.path})`),
    row('model', `${model.name}: ${model.title}`),
    ...engineLines(report),
    ...(broker === undefined ? [] : brokerLines(broker)),
    '',
    ...cameras.flatMap((camera) => cameraLines(camera)),
  ];
}

function engineLines(report: CheckReport): string[] {
  const taken = takenEngine(report);
  const lines = [row('engine', taken === undefined ? bad('none that loads') : taken.version)];
  for (const engine of report.engines) {
    if (!engine.loads) lines.push(row('', `${engine.name}: ${engine.why}`));
    else if (engine !== taken) lines.push(row('', `${engine.name}: ${engine.version} loads too, slower`));
  }
  const hint = fasterEngine(report)?.hint;
  if (hint !== undefined) lines.push(row('', advice(`for a faster one: ${hint}`)));
  return lines;
}

function brokerLines(broker: BrokerProbe): string[] {
  if (!broker.answers) {
    return [
      row('broker', `${broker.address}: ${bad(broker.fault.sentence)}`),
      row('', advice(broker.fault.hint)),
    ];
  }
  const { address, version, firstMs } = broker;
  return [row('broker', `${address}, MQTT ${version}, answered after ${(firstMs / 1_000).toFixed(1)} s`)];
}

function cameraLines(report: CameraReport): string[] {
  if (!report.answers) {
    const { camera, reason, message, hint } = report;
    // With a hint, the message would only say the reason again.
    return hint === undefined
      ? [row(camera, `${bad(reason)}: ${message}`)]
      : [row(camera, bad(reason)), row('', advice(hint))];
  }
  const { camera, probe, proposals } = report;
  return [row(camera, streamText(probe)), ...proposals.map((proposal) => row('', advice(proposal)))];
}

function streamText({ codec, width, height, fps, keyframeSeconds, kbps, firstMs }: Probe): string {
  const parts = [`${codec} ${width}x${height}`];
  if (fps !== undefined) parts.push(`${fps} frames/s`);
  if (keyframeSeconds !== undefined) parts.push(`a key frame every ${keyframeSeconds} s`);
  if (kbps !== undefined) parts.push(`${kbps} kbit/s`);
  return [...parts, `answered after ${(firstMs / 1_000).toFixed(1)} s`].join(', ');
}

/** What `run` would take. */
function takenEngine({ wanted, engines }: CheckReport): Loading | undefined {
  return engines.find(
    (engine): engine is Loading => engine.loads && (wanted === 'auto' || wanted === engine.name),
  );
}

/** The fastest that does not load, where it would come before the one that is taken. */
function fasterEngine(report: CheckReport): Refusing | undefined {
  const [first] = report.engines;
  return first !== undefined && !first.loads ? first : undefined;
}

function row(name: string, text: string): string {
  return `${name.padEnd(10)} ${text}`;
}

function bad(text: string): string {
  return styleText('red', text);
}

function advice(text: string): string {
  return styleText('yellow', `→ ${text}`);
}
