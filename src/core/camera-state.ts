import type { FrameTotals } from './frame-totals.ts';
import type { Health } from './health.ts';

/** Where a camera's stream stands. */
export type CameraStatus = 'connecting' | 'online' | 'stalled' | 'offline' | 'disabled';

/** Why, in a word that a user can act on. */
export type CameraReason =
  | 'starting'
  | 'frames'
  | 'end-of-file'
  | 'stopped'
  | 'switched-off'
  | 'wrong-password'
  | 'no-such-path'
  | 'no-such-file'
  | 'refused'
  | 'unreachable'
  | 'timed-out'
  | 'not-video'
  | 'bad-certificate'
  | 'stream-ended'
  | 'frozen-picture'
  | 'server-error'
  | 'no-hardware'
  | 'device-busy'
  | 'ffmpeg-missing'
  | 'ffmpeg-failed';

export interface CameraState {
  readonly camera: string;
  readonly state: CameraStatus;
  readonly reason: CameraReason;
  /** ms since the epoch. */
  readonly since: number;
}

/** A camera's state with its figures, as sinks are told. */
export interface StateReport extends CameraState {
  /** Frames looked at in a second, lately. */
  readonly fps: number;
  readonly frames: FrameTotals;
  /** What is wrong with its picture; empty when all is well. */
  readonly health: Health;
  /** Objects that went without having been an event, by the rule that kept them from it, since the camera was started. */
  readonly refused: Readonly<Record<string, number>>;
}

/**
 * Whether a camera that was online is lost with this report. What ends by itself or because somebody wants it, as a
 * reload or a switch does, is no outage, and neither is a start.
 */
export function isOutage(
  before: Pick<CameraState, 'state'> | undefined,
  { state, reason }: Pick<CameraState, 'state' | 'reason'>,
): boolean {
  if (before?.state !== 'online') return false;
  return (state === 'offline' || state === 'stalled') && reason !== 'stopped' && reason !== 'end-of-file';
}
