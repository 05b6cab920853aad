/**
 * One decoded picture of a camera: RGB24, row-major, `[height, width, 3]`; without pixels where only what was seen in
 * it was recorded.
 *
 * A frame has one owner at a time. Its pixels live in a slot of a pool; the owner calls `release` when it
 * is done, and whoever needs pixels after that copies them first.
 */
export interface Frame {
  readonly camera: string;
  /** Number of the frame since the camera was started, drops included; never falls. */
  readonly seq: number;
  /** Presentation timestamp: ms since the first frame of this session; starts at 0 after a reconnect. */
  readonly pts: number;
  /** Arrival, ms since the epoch, never falls. */
  readonly wallTime: number;
  readonly width: number;
  readonly height: number;
  readonly format: 'rgb24';
  readonly data: Uint8Array;
  /** Gives the slot back to its pool. Harmless when called again. */
  release(): void;
}

/** Why a frame was not looked at. */
export type DropReason =
  /** A newer frame of the same camera came first. */
  | 'late'
  /** No slot was free. */
  | 'busy'
  /** The camera shows one and the same picture. */
  | 'frozen'
  /** Nothing moved in it, and it was not yet time for another look. */
  | 'gated'
  /** Detection is switched off. */
  | 'off'
  /** The engine lost it. */
  | 'engine'
  /** It could not be judged; the log says why. */
  | 'failed';
