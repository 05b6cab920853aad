/** A piece of a camera's recording: MPEG-TS of whole groups of pictures, so it begins with a keyframe. */
export interface Segment {
  /** Of the file; it is whole. */
  readonly path: string;
  /** When its first picture arrived and the next segment's did, ms since the epoch. */
  readonly start: number;
  readonly end: number;
  readonly bytes: number;
}
