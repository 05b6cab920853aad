import { styleText } from 'node:util';
import type { EngineChoice } from '../../detector/choose-engine.ts';
import type { Model } from '../../detector/manifest.ts';
import type { EngineReport } from '../../detector/survey-engines.ts';
import type { Ffmpeg } from '../../ffmpeg/find.ts';
import type { Probe } from '../../ffmpeg/probe.ts';
import type { BrokerProbe } from '../../sinks/probe-broker.ts';
import { type CameraReport, nameOf } from './check-cameras.ts';

export interface CheckReport {
  /** Of the configuration. */
  readonly path: string;
  readonly ffmpeg: Ffmpeg;
  readonly model: Pick<Model, 'name' | 'title'>;
  /** The engine that the configuration asks for. */
  readonly wanted: EngineChoice;
  /** Fastest first. */
  readonly engines: readonly EngineReport[];
  /** Undefined where none is named, `unused` where one is, but no sink tells it anything. */
  readonly broker: BrokerProbe | 'unused' | undefined;
  readonly cameras: readonly CameraReport[];
}

type Loading = Extract<EngineReport, { loads: true }>;
type Refusing = Extract<EngineReport, { loads: false }>;

/** Whether `falconet run` would see every camera and reach the broker. */
export function isGood(report: CheckReport): boolean {
  const { broker, cameras } = report;
  return takenEngine(report) !== undefined && isThere(broker) && cameras.every(({ answers }) => answers);
}

function isThere(broker: CheckReport['broker']): boolean {
  return typeof broker !== 'object' || broker.answers;
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

function brokerJson(broker: BrokerProbe | 'unused'): object {
  if (broker === 'unused') return { used: false };
  const { address, answers } = broker;
  if (!answers) return { address, answers, message: broker.fault.sentence, hint: broker.fault.hint };
  return { address, answers, version: broker.version, first_ms: broker.firstMs };
}

function answerJson(report: Extract<CameraReport, { answers: true }>): object {
  const { camera, of, answers, probe, proposals } = report;
  const { codec, width, height, fps = null, keyframeSeconds = null, kbps = null, firstMs } = probe;
  const stream = { codec, width, height, fps, keyframe_s: keyframeSeconds, kbps, first_ms: firstMs };
  return { camera, of, answers, ...stream, proposals };
}

/** For people: what is good first, then a block a camera with what to do below it. */
export function checkText(report: CheckReport): string[] {
  const { path, ffmpeg, model, broker, cameras } = report;
  const count = cameras.filter(({ of }) => of === 'source').length;
  return [
    row('config', `${path}, ${count === 1 ? '1 camera' : `${count} cameras`}`),
    row('ffmpeg', `${ffmpeg.version} (${ffmpeg.origin}: ${ffmpeg.path})`),
    row('model', `${model.name}: ${model.title}`),
    ...engineLines(report),
    ...brokerLines(broker),
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

function brokerLines(broker: CheckReport['broker']): string[] {
  if (broker === undefined) return [];
  if (broker === 'unused') return [row('broker', advice('not used: sinks has no `- type: mqtt`'))];
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
  const name = nameOf(report);
  if (!report.answers) {
    const { reason, message, hint } = report;
    // With a hint, the message would only say the reason again.
    return hint === undefined
      ? [row(name, `${bad(reason)}: ${message}`)]
      : [row(name, bad(reason)), row('', advice(hint))];
  }
  const { probe, proposals } = report;
  return [row(name, streamText(probe)), ...proposals.map((proposal) => row('', advice(proposal)))];
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
