import { asyncScheduler, distinctUntilChanged, Subject, type Subscription, throttleTime } from 'rxjs';
import type { CameraReason, CameraState } from '../../src/core/camera-state.ts';
import type { Detection } from '../../src/core/detection.ts';
import { type ErrorCode, FalconetError } from '../../src/core/error.ts';
import type { Frame } from '../../src/core/frame.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import type { RedNode, Status } from './node-red.ts';

/** Each change goes to every open editor. */
const EVERY_MS = 500;
/** Longer ones push neighbouring nodes' badges aside. */
const MOST_CHARACTERS = 19;

/** Words of the catalogues, `<node>.status` in locales/. */
export type DetectWord =
  | 'loading'
  | 'no-model'
  | 'settings'
  | 'broken-model'
  | 'no-engine'
  | 'engine-ended'
  | 'bad-picture'
  | 'frame-gone'
  | 'too-many'
  | 'failed'
  | 'nothing';
export type TrackWord = 'settings' | 'frame-gone' | 'failed';
export type MqttWord = 'connected' | 'sending' | 'settings' | 'refused' | 'offline' | 'no-event' | 'failed';
export type FileWord = 'settings' | 'not-written' | 'no-event' | 'failed';
export type DashboardWord = 'opening' | 'settings' | 'port-taken' | 'no-listen' | 'no-event' | 'failed';
export type PreviewWord = 'watched' | 'unwatched' | 'settings' | 'bad-picture' | 'failed';
export type CameraWord = CameraReason | 'connecting' | 'settings' | 'failed';

/** A node's badge: the newest status shows, at most two changes a second. */
export interface Badge {
  show(status: Status): void;
  /** Nothing is shown from here on. */
  close(): void;
}

export function createBadge(node: Pick<RedNode, 'status'>): Badge {
  const statuses = new Subject<Status>();
  const shown: Subscription = statuses
    .pipe(
      throttleTime(EVERY_MS, asyncScheduler, { leading: true, trailing: true }),
      distinctUntilChanged((a, b) => a.text === b.text && a.fill === b.fill),
    )
    .subscribe({
      next: (status) => node.status(status),
      error: () => {}, // a Subject that nobody fails
    });
  return {
    show: (status) => statuses.next(status),
    close: () => shown.unsubscribe(),
  };
}

export function loading(): Status {
  return { fill: 'yellow', shape: 'ring', text: detectKey('loading') };
}

/** Which engine computes: `onnx`. */
export function ready(engine: string): Status {
  return { fill: 'green', shape: 'dot', text: short(engine) };
}

/** The best of what was found, and how many more: `cat 87% +2`. */
export function found([best, ...more]: readonly Detection[]): Status {
  if (best === undefined) return { fill: 'green', shape: 'dot', text: detectKey('nothing') };
  const others = more.length === 0 ? '' : ` +${more.length}`;
  const score = ` ${Math.round(best.score * 100)}%`;
  const label = short(best.label, MOST_CHARACTERS - score.length - others.length);
  return { fill: 'green', shape: 'dot', text: `${label}${score}${others}` };
}

export function failed(error: unknown): Status {
  const word = error instanceof FalconetError ? WORDS[error.code] : undefined;
  return wrong(detectKey(word ?? 'failed'));
}

const WORDS: Partial<Record<ErrorCode, DetectWord>> = {
  CONFIG_INVALID: 'settings',
  MODEL_MISSING: 'no-model',
  MODEL_INVALID: 'broken-model',
  MODEL_CHECKSUM: 'broken-model',
  ENGINE_NONE: 'no-engine',
  ENGINE_ENDED: 'engine-ended',
  ENGINE_BUSY: 'too-many',
  PICTURE_UNREADABLE: 'bad-picture',
  FRAME_EXPIRED: 'frame-gone',
};

/** What a camera gives: `640×360`. */
export function sees({ width, height }: Pick<Frame, 'width' | 'height'>): Status {
  return { fill: 'green', shape: 'dot', text: `${width}×${height}` };
}

/** Why a camera gives nothing. */
export function stateOf({ state, reason }: CameraState): Status {
  if (state === 'connecting') return { fill: 'yellow', shape: 'ring', text: cameraKey('connecting') };
  if (state === 'online') return { fill: 'green', shape: 'dot', text: cameraKey(reason) };
  const isWanted = reason === 'stopped' || reason === 'end-of-file';
  return { fill: isWanted ? 'grey' : 'red', shape: 'ring', text: cameraKey(reason) };
}

/** A camera that cannot be read at all. */
export function cannotRead(error: unknown): Status {
  if (!(error instanceof FalconetError)) return wrong(cameraKey('failed'));
  const { code, facts } = error;
  const reason = facts['reason'] as CameraReason | undefined;
  return wrong(cameraKey(CAMERA_WORDS[code] ?? reason ?? 'failed'));
}

const CAMERA_WORDS: Partial<Record<ErrorCode, CameraWord>> = {
  CONFIG_INVALID: 'settings',
  FFMPEG_MISSING: 'ffmpeg-missing',
};

/** What a camera's newest event says: `drive: person`. */
export function tells({ camera, label, type }: Pick<FalconetEvent, 'camera' | 'label' | 'type'>): Status {
  const fill = type === 'end' ? 'grey' : 'green';
  return { fill, shape: 'dot', text: short(`${camera}: ${label}`) };
}

/** Of settings or messages that *track* cannot take. */
export function cannotTrack(error: unknown): Status {
  const word = error instanceof FalconetError ? TRACK_WORDS[error.code] : undefined;
  return wrong(`falconet-track.status.${word ?? 'failed'}`);
}

const TRACK_WORDS: Partial<Record<ErrorCode, TrackWord>> = {
  CONFIG_INVALID: 'settings',
  FRAME_EXPIRED: 'frame-gone',
};

/** Whether an editor shows a preview. */
export function isWatched(watched: boolean): Status {
  if (watched) return { fill: 'green', shape: 'dot', text: previewKey('watched') };
  return { fill: 'grey', shape: 'ring', text: previewKey('unwatched') };
}

/** Of settings or messages that *preview* cannot take. */
export function cannotShow(error: unknown): Status {
  const word = error instanceof FalconetError ? PREVIEW_WORDS[error.code] : undefined;
  return wrong(previewKey(word ?? 'failed'));
}

const PREVIEW_WORDS: Partial<Record<ErrorCode, PreviewWord>> = {
  CONFIG_INVALID: 'settings',
  USAGE: 'bad-picture',
  PICTURE_UNREADABLE: 'bad-picture',
};

/** Whether the broker is there. */
export function link(isUp: boolean): Status {
  return isUp ? { fill: 'green', shape: 'dot', text: mqttKey('connected') } : wrong(mqttKey('offline'));
}

/** An event waits for the broker. */
export function sending(): Status {
  return { fill: 'yellow', shape: 'ring', text: mqttKey('sending') };
}

/** Of a broker, its settings, or messages that *mqtt out* cannot take. */
export function cannotSend(error: unknown): Status {
  const word = error instanceof FalconetError ? MQTT_WORDS[error.code] : undefined;
  return wrong(mqttKey(word ?? 'failed'));
}

const MQTT_WORDS: Partial<Record<ErrorCode, MqttWord>> = {
  CONFIG_INVALID: 'settings',
  SINK_WRITE: 'refused',
  SINK_OFFLINE: 'offline',
  USAGE: 'no-event',
};

/** Of a disk, its settings, or messages that *file out* cannot take. */
export function cannotWrite(error: unknown): Status {
  const word = error instanceof FalconetError ? FILE_WORDS[error.code] : undefined;
  return wrong(fileKey(word ?? 'failed'));
}

const FILE_WORDS: Partial<Record<ErrorCode, FileWord>> = {
  CONFIG_INVALID: 'settings',
  SINK_WRITE: 'not-written',
  SINK_OFFLINE: 'not-written',
  USAGE: 'no-event',
};

/** Where the page is, and in brackets how many look at it: `127.0.0.1:8585 (2)`. */
export function serves(url: string, viewers: number): Status {
  const { host, port } = new URL(url); // the default port of a scheme is left out, by both
  const many = viewers === 0 ? '' : ` (${viewers})`;
  const place =
    host.length + many.length > MOST_CHARACTERS
      ? port === ''
        ? short(host, MOST_CHARACTERS - many.length)
        : `:${port}`
      : host;
  return viewers === 0
    ? { fill: 'grey', shape: 'ring', text: place }
    : { fill: 'green', shape: 'dot', text: `${place}${many}` };
}

/** Its page is not there yet. */
export function opening(): Status {
  return { fill: 'yellow', shape: 'ring', text: dashboardKey('opening') };
}

/** Of a page that cannot be served, its settings, or messages that *dashboard out* cannot take. */
export function cannotServe(error: unknown): Status {
  const word = error instanceof FalconetError ? DASHBOARD_WORDS[error.code] : undefined;
  return wrong(dashboardKey(isTaken(error) ? 'port-taken' : (word ?? 'failed')));
}

/** The reason of a failure to listen is the system's. */
function isTaken(error: unknown): boolean {
  const cause = error instanceof FalconetError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
}

const DASHBOARD_WORDS: Partial<Record<ErrorCode, DashboardWord>> = {
  CONFIG_INVALID: 'settings',
  DASHBOARD_FAILED: 'no-listen',
  USAGE: 'no-event',
};

function wrong(text: string): Status {
  return { fill: 'red', shape: 'ring', text };
}

function detectKey(word: DetectWord): string {
  return `falconet-detect.status.${word}`;
}

function mqttKey(word: MqttWord): string {
  return `falconet-mqtt-out.status.${word}`;
}

function fileKey(word: FileWord): string {
  return `falconet-file-out.status.${word}`;
}

function dashboardKey(word: DashboardWord): string {
  return `falconet-dashboard-out.status.${word}`;
}

function previewKey(word: PreviewWord): string {
  return `falconet-preview.status.${word}`;
}

function cameraKey(word: CameraWord): string {
  return `falconet-camera-in.status.${word}`;
}

function short(text: string, most = MOST_CHARACTERS): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
