import { key } from '../../src/config/schema/text.ts';
import type { CameraState } from '../../src/core/camera-state.ts';
import type { Detection, Detector } from '../../src/core/detection.ts';
import { asError, FalconetError } from '../../src/core/error.ts';
import type { Picture } from '../../src/media/image.ts';
import { decodePicture } from '../../src/media/picture.ts';
import { rawPixels } from '../../src/media/raw-pixels.ts';
import { FrameHandle } from './frame-handle.ts';
import type { Message } from './node-red.ts';

/**
 * The picture in `msg.payload`: a Buffer with the bytes of a JPEG, PNG, WebP, GIF, TIFF or HEIF file, or the pixels
 * `{ width, height, data }`, RGB24. A text is never taken as a path: it may come from anywhere.
 *
 * @throws PICTURE_UNREADABLE when it is something else, or damaged.
 */
export async function readPicture(payload: unknown): Promise<Picture> {
  if (payload instanceof Uint8Array)
    return decodePicture(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength));
  if (isPicture(payload)) return rawPixels(payload);
  throw new FalconetError('PICTURE_UNREADABLE', `msg.payload: expected a picture, got ${kindOf(payload)}`, {
    hint: 'Send the bytes of a picture as a Buffer, or { width, height, data } with RGB pixels',
  });
}

/** Whether there is a picture in it, good or not. */
export function isPicture(payload: unknown): payload is object {
  return (
    typeof payload === 'object' && payload !== null && (payload instanceof Uint8Array || 'data' in payload)
  );
}

/** Which detector it was, as *detect* puts it into its messages. */
export type DetectorFacts = Pick<Detector, 'model' | 'engine'> & Partial<Pick<Detector, 'labels'>>;

/** What *detect* says of a frame of *camera in*. */
export interface SeenFrame {
  readonly frame: FrameHandle;
  readonly detections: readonly Detection[];
  readonly detector: DetectorFacts;
}

/**
 * What *detect* made of a frame, weak detections included; a function between may have left some out.
 *
 * @throws USAGE when it is something else.
 */
export function seenFrame({ frame, payload, weak = [], detector }: Message): SeenFrame {
  const isSeen = isDetections(payload) && isDetections(weak) && isDetector(detector);
  if (frame instanceof FrameHandle && isSeen) return { frame, detections: [...payload, ...weak], detector };
  throw new FalconetError('USAGE', 'expected what detect made of a frame of camera in, got another message', {
    hint: 'Wire camera in to detect, and detect to this node',
  });
}

/** A state of *camera in*, from its second output; undefined of any other message. */
export function cameraStateFrom({ payload }: Message): CameraState | undefined {
  if (typeof payload !== 'object' || payload === null || !('state' in payload)) return undefined;
  const { camera, state, reason, since } = payload as Record<string, unknown>;
  const sinceMs = Date.parse(String(since));
  if (!isCameraName(camera) || Number.isNaN(sinceMs)) return undefined;
  return { camera, state, reason, since: sinceMs } as CameraState;
}

/** Names become topics and file names, and functions can write any into a message. */
export function isCameraName(value: unknown): value is string {
  return key.safeParse(value).success;
}

export function isDetections(value: unknown): value is readonly Detection[] {
  return Array.isArray(value) && value.every(isDetection);
}

function isDetection(value: unknown): value is Detection {
  if (typeof value !== 'object' || value === null) return false;
  const { label, score, box } = value as Partial<Record<keyof Detection, unknown>>;
  return (
    typeof label === 'string' &&
    Number.isFinite(score) &&
    Array.isArray(box) &&
    box.length === 4 &&
    box.every(Number.isFinite)
  );
}

export function isDetector(value: unknown): value is DetectorFacts {
  const { model, engine, labels = [] } = Object(value) as Record<string, unknown>;
  const { name, sha256 } = Object(model) as Record<string, unknown>;
  const { name: engineName, version } = Object(engine) as Record<string, unknown>;
  return Array.isArray(labels) && [name, sha256, engineName, version, ...labels].every(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

const ON = new Set<unknown>([true, 'on', 'start']);
const OFF = new Set<unknown>([false, 'off', 'stop']);

/**
 * Whether a message switches on or off.
 *
 * @throws USAGE when it does neither.
 */
export function switchFrom(payload: unknown): boolean {
  if (ON.has(payload)) return true;
  if (OFF.has(payload)) return false;
  throw new FalconetError('USAGE', `msg.payload: expected true or false, got ${kindOf(payload)}`, {
    hint: 'Send true, "on" or "start" to read the camera, false, "off" or "stop" to leave it',
  });
}

/** What an operator reads in the log and a Catch node in `msg.error`: what happened, and what to do about it. */
export function inWords(thrown: unknown): Error {
  const error = asError(thrown);
  if (!(error instanceof FalconetError) || error.hint === undefined) return error;
  const words = new Error(`${error.message}. ${error.hint}.`, { cause: error });
  // Node-RED shows `toString()`, which puts the name before the message.
  return Object.assign(words, { name: '', code: error.code });
}

/** What a message brought, in words and without the thing itself. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'another object' : `a ${typeof value}`;
}
